import { instantOf, millisecondsOf, type Instant } from '../../../shared/platform/time.ts';

const shanghaiOffsetMilliseconds = 8 * 60 * 60 * 1000;

/** An instant in China's local time, which has had one offset and no summer time since 1991. */
export const chinaTime = (instant: Instant): string =>
  new Date(millisecondsOf(instant) + shanghaiOffsetMilliseconds).toISOString().slice(0, 19).replace('T', ' ');

/** `yyyy-MM-dd HH:mm:ss`, or without the seconds, as a deadline; undefined if it is not a time. */
export const fromChinaTime = (text: string): Instant | undefined => {
  const match = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2})(:\d{2})?$/.exec(text);
  const milliseconds = match ? Date.parse(`${match[1]}T${match[2]}${match[3] ?? ':00'}+08:00`) : NaN;
  return Number.isNaN(milliseconds) ? undefined : instantOf(milliseconds);
};

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** 5330, CNY → `¥53.30`. */
export const amountText = (amount: number, currency: string): string => {
  const format = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    useGrouping: false,
  });
  const { maximumFractionDigits: digits = 2 } = format.resolvedOptions();
  return format.format(amount / 10 ** digits);
};

import { instantOf, millisecondsOf, type Instant } from '../../../../shared/platform/time.ts';

const shanghaiOffsetMilliseconds = 8 * 60 * 60 * 1000;

/** An instant as Alipay writes it: China's local time, which has had one offset and no summer time since 1991. */
export const chinaTime = (instant: Instant): string =>
  new Date(millisecondsOf(instant) + shanghaiOffsetMilliseconds).toISOString().slice(0, 19).replace('T', ' ');

/** `yyyy-MM-dd HH:mm:ss`, or without the seconds, as Alipay accepts a deadline; undefined if it is not a time. */
export const fromChinaTime = (text: string): Instant | undefined => {
  const match = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2})(:\d{2})?$/.exec(text);
  const milliseconds = match ? Date.parse(`${match[1]}T${match[2]}${match[3] ?? ':00'}+08:00`) : NaN;
  return Number.isNaN(milliseconds) ? undefined : instantOf(milliseconds);
};

/** 5330 fen → `53.30`. */
export const yuan = (fen: number): string => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;

/** `53.3` → 5330 fen; undefined for anything but a positive amount with at most two decimals. */
export const fenOf = (text: unknown): number | undefined => {
  const match = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(String(text ?? ''));
  const fen = match ? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')) : 0;
  return fen > 0 ? fen : undefined;
};

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

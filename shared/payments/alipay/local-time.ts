import { Temporal } from 'temporal-polyfill';
import { instantOf, type Instant } from '../../platform/time.ts';

/** Alipay reads and writes every time in this zone, wherever the carrier is. */
export const alipayZone = 'Asia/Shanghai';

/** `2026-12-01 09:30:15`, without fractions: a deadline may come earlier because of that, never later. */
export const alipayTime = (instant: Instant): string =>
  Temporal.Instant.from(instant)
    .toZonedDateTimeISO(alipayZone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'second' })
    .replace('T', ' ');

/** The moment that Alipay writes as `2026-12-01 09:30:15`; undefined for another text. */
export const momentIn = (text: string | undefined): Instant | undefined => {
  const match = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.\d+)?$/.exec(text ?? '');
  const milliseconds = match ? Date.parse(`${match[1]}T${match[2]}+08:00`) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : instantOf(milliseconds);
};

import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../platform/time.ts';

/** Alipay reads and writes every time as this zone's wall clock, wherever the carrier is. */
const timeZone = 'Asia/Shanghai';

/** `2026-12-01 09:30:15`, fractions cut off: a deadline may come earlier by that, never later. */
export const alipayTime = (instant: Instant): string =>
  Temporal.Instant.from(instant)
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'second' })
    .replace('T', ' ');

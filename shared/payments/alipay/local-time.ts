import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../platform/time.ts';

/** Alipay reads and writes every time in this zone, wherever the carrier is. */
const timeZone = 'Asia/Shanghai';

/** `2026-12-01 09:30:15`, without fractions: a deadline may come earlier because of that, never later. */
export const alipayTime = (instant: Instant): string =>
  Temporal.Instant.from(instant)
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'second' })
    .replace('T', ' ');

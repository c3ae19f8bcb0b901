import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../platform/time.ts';

/** WeChat Pay writes every time in this zone, wherever the carrier is. */
const timeZone = 'Asia/Shanghai';

/** RFC 3339 without fractions, such as `2026-12-01T09:30:15+08:00`: a deadline may come earlier because of that, never later. */
export const wechatpayTime = (instant: Instant): string =>
  Temporal.Instant.from(instant)
    .toZonedDateTimeISO(timeZone)
    .toString({ smallestUnit: 'second', timeZoneName: 'never' });

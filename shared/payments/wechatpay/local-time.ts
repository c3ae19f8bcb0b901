import { Temporal } from 'temporal-polyfill';
import { instantOf, type Instant } from '../../platform/time.ts';

/** WeChat Pay writes every time in this zone, wherever the carrier is. */
export const wechatpayZone = 'Asia/Shanghai';

/** RFC 3339 without fractions, such as `2026-12-01T09:30:15+08:00`: a deadline may come earlier because of that, never later. */
export const wechatpayTime = (instant: Instant): string =>
  Temporal.Instant.from(instant)
    .toZonedDateTimeISO(wechatpayZone)
    .toString({ smallestUnit: 'second', timeZoneName: 'never' });

const momentForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** The moment that WeChat Pay writes as RFC 3339; undefined for another text. */
export const momentIn = (text: string | undefined): Instant | undefined => {
  const milliseconds = text !== undefined && momentForm.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : instantOf(milliseconds);
};

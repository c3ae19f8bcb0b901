import type { WaitlistRules } from '../platform/after-sale/waitlist-rules.ts';
import type { Carrier } from '../platform/carrier.ts';
import { localDateOf, type Instant } from '../platform/time.ts';

/** The rules of an entry: those in force on the day on which it is made, in the carrier's zone. */
export const waitlistRulesOn = (
  { afterSale, timeZone }: Pick<Carrier, 'afterSale' | 'timeZone'>,
  now: Instant,
): WaitlistRules | undefined => {
  const day = localDateOf(now, timeZone);
  return afterSale?.versions.findLast(({ from }) => from === undefined || from <= day)?.waitlist;
};

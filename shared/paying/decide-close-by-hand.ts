import type { Handled } from '../bookings/attention.ts';
import { isUnfinished, type Payment, type UnfinishedPayment } from '../payments/model.ts';
import { askSeldomAt, unansweredSince } from '../payments/rules.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Instant } from '../platform/time.ts';
import type { Person } from './decide-by-hand.ts';

type Close = { payment: UnfinishedPayment; handled: Handled; unclosedSince: Instant; again: Instant };

/** T38: whether a person may close a payment, if its provider stays silent when we ask once more. */
export const decideCloseByHand = (
  payment: Payment,
  person: Person,
  now: Instant,
): Outcome<Close, 'changed-meanwhile' | 'still-tried'> => {
  if (!isUnfinished(payment)) return rejected('changed-meanwhile');
  const unclosedSince = unansweredSince(now);
  if (payment.expiresAt > unclosedSince) return rejected('still-tried');
  const handled: Handled = { ...person, at: now, did: 'settled' };
  return accepted({ payment, handled, unclosedSince, again: askSeldomAt(now) });
};

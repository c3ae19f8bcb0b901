import type { Handled } from '../bookings/attention.ts';
import { isUnfinished, type Payment, type PaymentIn, type UnfinishedPayment } from '../payments/model.ts';
import type { ProviderCapture, ProviderPayment } from '../payments/provider.ts';
import { askAboutEndedAt, askSeldomAt, unansweredSince } from '../payments/rules.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Instant } from '../platform/time.ts';
import type { Person } from './decide-by-hand.ts';
import { moneyOf } from './decide-capture.ts';

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

/** What to write about a payment that a person closed, by its provider's answer; `undefined` is none. */
type Watched =
  | { write: 'capture'; captured: ProviderCapture }
  | { write: 'ask-again'; again: Instant }
  | { write: 'ask-no-more' };

export const decideWatch = (
  { payment, closedByHandAt }: { payment: PaymentIn<'closed'>; closedByHandAt: Instant },
  known: ProviderPayment | undefined,
  now: Instant,
): Watched => {
  const captured = moneyOf(payment, known);
  if (captured) return { write: 'capture', captured };
  const again = askAboutEndedAt(closedByHandAt, now);
  return again ? { write: 'ask-again', again } : { write: 'ask-no-more' };
};

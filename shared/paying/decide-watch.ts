import type { EndedPayment } from '../payments/model.ts';
import type { ProviderCapture, ProviderPayment } from '../payments/provider.ts';
import { askAboutEndedAt } from '../payments/rules.ts';
import type { Instant } from '../platform/time.ts';
import { moneyOf } from './decide-capture.ts';
import { isOverAtProvider } from './decide-settle.ts';

/** What to write about a payment that we keep asking about, by its provider's answer. */
type Watched =
  | { write: 'capture'; captured: ProviderCapture }
  | { write: 'ask-again'; again: Instant }
  | { write: 'ask-no-more' };

/**
 * We ask about a payment that a person closed for thirty days, whatever the provider answers; about a disputed payment
 * only until the answer is final. `known` is undefined if the provider is silent.
 */
export const decideWatch = (
  payment: EndedPayment,
  known: ProviderPayment | undefined,
  now: Instant,
): Watched => {
  const captured = moneyOf(payment, known);
  if (captured) return { write: 'capture', captured };
  const closedByHandAt = payment.state === 'closed' ? payment.closedByHandAt : undefined;
  // A dispute begins after the closing, so its thirty days end later.
  const since = isOverAtProvider(payment, known, now)
    ? closedByHandAt
    : (payment.watchedSince ?? closedByHandAt);
  const again = since && askAboutEndedAt(since, now);
  return again ? { write: 'ask-again', again } : { write: 'ask-no-more' };
};

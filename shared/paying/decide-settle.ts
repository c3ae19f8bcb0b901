import type { UncapturedPayment, UnfinishedPayment } from '../payments/model.ts';
import type { ProviderCapture, ProviderPayment } from '../payments/provider.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { plusSeconds, type Instant } from '../platform/time.ts';
import { moneyOf } from './decide-capture.ts';
import type { SettleRefusal } from './rules.ts';

/**
 * After a client got a payment, the provider's "does not exist" means closed only this long after its absolute expiry:
 * until then the buyer may still enter the cashier, which creates the trade.
 */
const notExistMarginSeconds = 60;

/** Whether the provider's answer is final: nothing was paid, and nothing can be paid any more. */
export const isOverAtProvider = (
  { expiresAt }: UncapturedPayment,
  known: ProviderPayment | undefined,
  now: Instant,
): boolean =>
  known?.state === 'closed' ||
  (known?.state === 'not-exist' && now >= plusSeconds(expiresAt, notExistMarginSeconds));

/** What to write about a payment after the provider's answer. */
export type Settling =
  /** T11. */
  | { write: 'capture'; captured: ProviderCapture }
  /** T12. Only from `created` if a client may have received it since the read. */
  | { write: 'close'; from: 'created' | 'created-or-pending' };

/** Decides about a payment that must be closed. `known` is undefined if the provider is silent. */
export const decideSettle = (
  payment: UnfinishedPayment,
  known: ProviderPayment | undefined,
  now: Instant,
): Outcome<Settling, SettleRefusal> => {
  const captured = moneyOf(payment, known);
  if (captured) return accepted({ write: 'capture', captured });
  if (isOverAtProvider(payment, known, now)) return accepted({ write: 'close', from: 'created-or-pending' });
  // A trade without a payment does not end the payment either.
  return known?.state === 'not-exist' && payment.state === 'created'
    ? accepted({ write: 'close', from: 'created' })
    : rejected('payment-unfinished');
};

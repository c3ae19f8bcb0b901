import { attentionFor, type Attention } from '../bookings/attention.ts';
import {
  isCaptured,
  type CapturedPayment,
  type Doubt,
  type Payment,
  type ProviderName,
  type UncapturedPayment,
} from '../payments/model.ts';
import type { ProviderCapture, ProviderPayment, VerifiedNotification } from '../payments/provider.ts';
import { contradiction, disputedBefore, doubtedBy, judgeCapture } from '../payments/rules.ts';
import type { Money } from '../platform/money.ts';
import { accepted, never, rejected, type Outcome, type Rejected } from '../platform/outcome.ts';
import type { Instant } from '../platform/time.ts';

/** What to write if a provider has the money of a payment. */
type Booking =
  /** T11. */
  | { write: 'capture'; payment: UncapturedPayment }
  /** It is booked already: compare the amounts. */
  | { write: 'compare'; payment: CapturedPayment };

/** Decides about a capture that a provider reports. `return`: it took another amount, and all of that goes back. */
export const decideCapture = (
  payment: Payment,
  paid: Money,
): Outcome<Booking | { write: 'return'; payment: UncapturedPayment }, 'nothing-taken'> => {
  if (isCaptured(payment)) return accepted({ write: 'compare', payment });
  const judged = judgeCapture(payment, paid);
  switch (judged) {
    case 'as-asked':
      return accepted({ write: 'capture', payment });
    case 'other-amount':
      return accepted({ write: 'return', payment });
    case 'nothing':
      return rejected('nothing-taken');
    default:
      return never(judged);
  }
};

/** The money that a provider reports for a payment, if any: a trade without a payment has none. */
export const moneyOf = (
  payment: UncapturedPayment,
  known: ProviderPayment | undefined,
): ProviderCapture | undefined =>
  known?.state === 'captured' && judgeCapture(payment, known.paid) !== 'nothing' ? known : undefined;

type Captured = Extract<VerifiedNotification['says'], { kind: 'captured' }>;

/** A notification about a refund moves no money: we ask the provider about that refund, or about all of the payment. */
type Notice = { write: 'notice'; payment: CapturedPayment; refundNumber: string | undefined };

/** A notification of another amount moves no money: the payment is in doubt, and we ask for the provider's books. */
type Mismatch = Rejected<'amount-mismatch'> & { payment: UncapturedPayment; doubt: Doubt };

/** Decides about a provider's verified notification of a payment. */
export const decideNotified = (
  payment: Payment | undefined,
  { provider, says }: { provider: ProviderName; says: VerifiedNotification['says'] },
  now: Instant,
): Outcome<(Booking & { says: Captured }) | Notice | { write: 'nothing' }, 'unknown-payment'> | Mismatch => {
  // An account at a provider may have other applications, whose notifications reach us as well.
  if (says.kind === 'other') return accepted({ write: 'nothing' });
  if (!payment || payment.provider !== provider) return rejected('unknown-payment');
  if (says.kind === 'refunded' && isCaptured(payment))
    return accepted({ write: 'notice', payment, refundNumber: says.refundNumber });
  if (says.kind !== 'captured') return accepted({ write: 'nothing' });
  if (isCaptured(payment)) return accepted({ write: 'compare', payment, says });
  return judgeCapture(payment, says.paid) === 'as-asked'
    ? accepted({ write: 'capture', payment, says })
    : { ...rejected('amount-mismatch'), payment, doubt: doubtedBy(payment, says.paid, now) };
};

/** Whether a person must compare our books with a provider's report: once for each contradiction. */
export const decideDispute = (
  payment: CapturedPayment,
  paid: Money,
  now: Instant,
): Outcome<{ attention: Attention }, 'as-booked' | 'already-known'> => {
  const why = contradiction(payment, paid);
  if (!why) return rejected('as-booked');
  if (payment.attention?.why === why || disputedBefore(payment, why)) return rejected('already-known');
  return accepted({ attention: attentionFor('amount-disputed', why, { now, before: payment.attention }) });
};

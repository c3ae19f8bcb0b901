import {
  isCaptured,
  isUnapplied,
  refundNumberOf,
  type CapturedPayment,
  type Payment,
} from '../payments/model.ts';
import { money, type Money } from '../platform/money.ts';
import { accepted, rejected, type Rejected, type Accepted } from '../platform/outcome.ts';

/** A part of an amount that goes back, from one payment. */
export type SpreadPart = { payment: CapturedPayment; refundNumber: string; amount: Money };

/** What every provider takes as a number of a refund: some allow no other characters, some no longer texts. */
const numberForm = /^[0-9A-Za-z_]{1,64}$/;

/**
 * Spreads an amount over captured payments of one order, or of orders that belong together: a refund of its own for each
 * payment, never more than what is left of it. The newest payment first: providers refund a payment for some months
 * only, so that this refund is the likeliest to succeed, and few parts do. `what` makes the numbers: the same payments,
 * amount and `what` always give the same parts. Money that waits to be applied, and other currencies, are no part.
 * Rejected with what is left if all together do not suffice. Throws if a number would not fit the providers.
 */
export const decideSpread = (
  payments: readonly Payment[],
  amount: Money,
  what: RefundedThing,
): Accepted<{ parts: SpreadPart[] }> | (Rejected<'not-enough-left'> & { left: Money }) => {
  if (amount.amount <= 0) throw new RangeError('a positive amount is spread');
  const usable = payments
    .filter(isCaptured)
    .filter((payment) => !isUnapplied(payment) && payment.refundable > 0)
    .filter((payment) => payment.amount.currency === amount.currency)
    .toSorted(newestFirst);
  const left = usable.reduce((sum, { refundable }) => sum + refundable, 0);
  if (left < amount.amount) return { ...rejected('not-enough-left'), left: money(left, amount.currency) };
  const parts: SpreadPart[] = [];
  let open = amount.amount;
  for (const payment of usable) {
    const part = Math.min(open, payment.refundable);
    if (part === 0) break;
    const refundNumber = numberFor(payment, what);
    parts.push({ payment, refundNumber, amount: money(part, amount.currency) });
    open -= part;
  }
  return accepted({ parts });
};

type RefundedThing = Parameters<typeof refundNumberOf>[1];

const numberFor = ({ paymentId }: CapturedPayment, what: RefundedThing): string => {
  const number = refundNumberOf(paymentId, what);
  if (!numberForm.test(number)) throw new RangeError(`no provider takes ${number} as a number`);
  return number;
};

/** The numbers of payments tell the order of those that were captured at once. */
const newestFirst = (a: CapturedPayment, b: CapturedPayment): number =>
  a.capturedAt === b.capturedAt
    ? b.paymentId.localeCompare(a.paymentId)
    : b.capturedAt.localeCompare(a.capturedAt);

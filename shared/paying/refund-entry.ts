import { entryOf } from '../ledger/rules.ts';
import { putEntry } from '../ledger/store.ts';
import { refundNumberOf, type PaymentRef, type Refund, type RefundIn } from '../payments/model.ts';
import type { Table, TransactItem } from '../platform/dynamo.ts';
import type { Money } from '../platform/money.ts';
import type { Instant } from '../platform/time.ts';

/** All the money of a payment goes back, under the one number that a refund of all of it can have. */
export const wholeRefundOf = (
  { orderId, paymentId }: PaymentRef,
  taken: Money,
  reason: Refund['reason'],
  now: Instant,
): RefundIn<'requested'> => ({
  orderId,
  paymentId,
  refundNumber: refundNumberOf(paymentId, 'whole'),
  amount: taken,
  reason,
  state: 'requested',
  requestedAt: now,
  attempts: 0,
});

/** The journal entry of money that is now owed back. */
export const refundEntry = (bookings: Table, refund: Refund, at: Instant): TransactItem =>
  putEntry(
    bookings,
    entryOf('refund-requested', {
      orderId: refund.orderId,
      source: refund.refundNumber,
      amount: refund.amount,
      at,
    }),
  );

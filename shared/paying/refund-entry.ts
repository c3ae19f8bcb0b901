import { entryOf } from '../ledger/rules.ts';
import { putEntry } from '../ledger/store.ts';
import { refundNumberOf, type PaymentRef, type Refund, type RefundIn } from '../payments/model.ts';
import type { Table, TransactItem } from '../platform/dynamo.ts';
import type { Money } from '../platform/money.ts';
import type { Instant } from '../platform/time.ts';

/** Sends all the money of a payment back, under the only number that a refund of all of it can have. */
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

/** The journal entry of money that we now owe back. */
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

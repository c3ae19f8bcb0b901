import { entryOf } from '../ledger/rules.ts';
import { putEntry } from '../ledger/store.ts';
import type { RefundIn } from '../payments/model.ts';
import { putRefund } from '../payments/refunds-store.ts';
import { takeRefundable } from '../payments/store.ts';
import type { LabelledWrite, Table } from '../platform/dynamo.ts';

/** The writes of a refund of earned money: its payment has less left, the refund is requested, and the journal has it. */
export const refundWrites = (
  bookings: Table,
  refund: RefundIn<'requested'>,
): LabelledWrite<'payment' | 'refund' | 'journal'>[] => {
  const { orderId, paymentId, refundNumber: source, amount, requestedAt: at } = refund;
  return [
    { label: 'payment', write: takeRefundable(bookings, paymentId, amount.amount) },
    { label: 'refund', write: putRefund(bookings, refund) },
    {
      label: 'journal',
      write: putEntry(bookings, entryOf('refund-granted', { orderId, source, amount, at })),
    },
  ];
};

import type { CapturedPayment, Refund } from '../payments/model.ts';
import { listRefunds, markNoticed, readRefund } from '../payments/refunds-store.ts';
import type { Table } from '../platform/dynamo.ts';
import type { Instant } from '../platform/time.ts';

/**
 * A provider has told us of a refund: its event and the clean-up ask the provider at once. Without a number it may be any
 * refund of the payment. A number that is not ours belongs to a refund that somebody made at the provider.
 */
export const noticeRefunds = async (
  bookings: Table,
  { payment, refundNumber }: { payment: CapturedPayment; refundNumber: string | undefined },
  now: Instant,
): Promise<void> => {
  for (const refund of await refundsOf(bookings, payment, refundNumber))
    await markNoticed(bookings, refund, now);
};

const refundsOf = async (
  bookings: Table,
  { orderId, paymentId }: CapturedPayment,
  refundNumber: string | undefined,
): Promise<Refund[]> => {
  if (refundNumber === undefined)
    return (await listRefunds(bookings, orderId)).filter((refund) => refund.paymentId === paymentId);
  const refund = await readRefund(bookings, orderId, refundNumber);
  return refund?.paymentId === paymentId ? [refund] : [];
};

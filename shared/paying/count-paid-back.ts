import type { CapturedPayment } from '../payments/model.ts';
import { listRefunds } from '../payments/refunds-store.ts';
import { paidBackOf } from '../payments/rules.ts';
import { markPaidBack } from '../payments/store.ts';
import type { Table, TransactItem } from '../platform/dynamo.ts';

/**
 * The write of a payment of which a refund is back (T21, T35), or was taken back (T39): `moved` minor units more, or less. It
 * belongs into one transaction with the refund.
 */
export const countPaidBack = async (
  bookings: Table,
  payment: CapturedPayment,
  moved: number,
): Promise<TransactItem> => {
  const isOlder = payment.paidBack === undefined && payment.state !== 'captured';
  const refunds = isOlder ? await listRefunds(bookings, payment.orderId) : [];
  return markPaidBack(bookings, payment, paidBackOf(payment, refunds) + moved);
};

import type { CommittedOrder } from '../orders/model.ts';
import { refundNumberOf, type Refund } from '../payments/model.ts';
import { readRefund } from '../payments/refunds-store.ts';
import type { Table } from '../platform/dynamo.ts';

/** Why the money that paid an order went back. */
export const refundedFor =
  (bookings: Table) =>
  async (order: CommittedOrder): Promise<Refund['reason'] | undefined> => {
    if (!('paidBy' in order)) return undefined;
    const refund = await readRefund(bookings, order.orderId, refundNumberOf(order.paidBy, 'whole'));
    return refund?.reason;
  };

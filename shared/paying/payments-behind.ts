import type { Order } from '../orders/model.ts';
import type { Payment } from '../payments/model.ts';
import { listPayments } from '../payments/store.ts';
import type { Table } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';

/**
 * The payments behind an order's tickets, of which a refund may draw: its own, and those of the order whose tickets were
 * exchanged for it.
 */
export const listPaymentsBehind = async (
  bookings: Table,
  orderId: OrderId,
  reading: Promise<Order | undefined>,
): Promise<Payment[]> => {
  const [own, order] = await Promise.all([listPayments(bookings, orderId), reading]);
  if (!order || order.state === 'void' || !order.exchangeOf) return own;
  return [...own, ...(await listPayments(bookings, order.exchangeOf.orderId))];
};

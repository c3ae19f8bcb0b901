import { readAll } from '../platform/batch-read.ts';
import type { Table } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import { keyOfOrder } from './change-store.ts';
import type { Order } from './model.ts';
import { orderFromItem } from './store.ts';

/**
 * Many orders by id, without those that do not exist. With `consistent`, in their current state; without, in their
 * state a moment ago, at half the price.
 */
export const readOrders = async (
  bookings: Table,
  orderIds: Iterable<OrderId>,
  { consistent = true }: { consistent?: boolean } = {},
): Promise<Map<OrderId, Order>> => {
  const keys = [...new Set(orderIds)].map(keyOfOrder);
  const orders = (await readAll(bookings, keys, { consistent })).map(orderFromItem);
  return new Map(orders.map((order) => [order.orderId, order]));
};

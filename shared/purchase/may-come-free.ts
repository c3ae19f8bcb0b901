import { readOrders } from '../orders/many-orders-store.ts';
import { livingStates } from '../orders/model.ts';
import type { Table } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';

/** One request reads as many; with more young orders than that in the way nobody can say yet who gets the seats. */
const ordersReadMax = 100;

/**
 * Whether seats that these orders have just taken may come free in a moment: one of them is not committed yet, is void,
 * or has ended. When all of them live, the seats are sold.
 */
export const mayComeFree = async (bookings: Table, orderIds: readonly OrderId[]): Promise<boolean> => {
  if (orderIds.length === 0) return false;
  if (orderIds.length > ordersReadMax) return true;
  const orders = await readOrders(bookings, orderIds);
  return orderIds.some((orderId) => !livingStates.has(orders.get(orderId)?.state ?? 'void'));
};

import type { CountDependencies } from '../inventory/count-availability.ts';
import { readOrders } from '../orders/many-orders-store.ts';
import { livingStates } from '../orders/model.ts';
import type { Table } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import type { Clock } from '../platform/time.ts';

/** One request reads this many; with more young orders than that, it is not clear yet who gets the seats. */
const ordersReadMax = 100;

/**
 * The orders among these that may leave the seats they just took: they are not committed yet, are void, or have ended.
 * The seats of the others are sold.
 */
export const ordersThatMayEnd =
  (bookings: Table, { consistent = true } = {}) =>
  async (orderIds: readonly OrderId[]): Promise<ReadonlySet<OrderId>> => {
    if (orderIds.length === 0 || orderIds.length > ordersReadMax) return new Set(orderIds);
    const orders = await readOrders(bookings, orderIds, { consistent });
    return new Set(orderIds.filter((orderId) => !livingStates.has(orders.get(orderId)?.state ?? 'void')));
  };

/** Whether seats that these orders just took may become free in a moment. */
export const mayComeFree = async (bookings: Table, orderIds: readonly OrderId[]): Promise<boolean> =>
  (await ordersThatMayEnd(bookings)(orderIds)).size > 0;

type Tables = { inventory: Table; availability: Table; bookings: Table; clock: Clock };

/** What a count of a run's seats needs from the tables: a view records which seats may become free in a moment. */
export const countingWith = ({ inventory, availability, bookings, clock }: Tables): CountDependencies => ({
  inventory,
  availability,
  clock,
  mayEnd: ordersThatMayEnd(bookings, { consistent: false }),
});

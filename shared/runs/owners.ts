import { orderOfOwner } from '../inventory/owner.ts';
import type { ShardState } from '../inventory/pieces.ts';
import { readOrders } from '../orders/many-orders-store.ts';
import type { Order } from '../orders/model.ts';
import type { Table } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import { decideOwned } from './rules.ts';

/** If many have bought seats on a train, a few of their orders are enough to show that it must stay as it is. */
const ordersRead = 25;

/** The orders that own a piece of these shards. */
export const ownersIn = (shards: readonly (ShardState | undefined)[]): Set<OrderId> =>
  new Set(
    shards.flatMap((shard) =>
      [...(shard?.pieces.values() ?? [])].flatMap(({ owner }) =>
        owner === 'free' ? [] : [orderOfOwner(owner)],
      ),
    ),
  );

/** What the owners of a run's pieces mean for it, and some of their orders. */
export const readOwned = async (
  bookings: Table,
  owners: ReadonlySet<OrderId>,
): Promise<{ followed: 'held' | 'kept'; orders: readonly Order[] }> => {
  const orders = [...(await readOrders(bookings, [...owners].slice(0, ordersRead))).values()];
  return { followed: decideOwned(orders), orders };
};

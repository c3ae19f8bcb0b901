import { takenPieces, type OwnedPiece } from '../inventory/changed-shards.ts';
import { orderOfOwner } from '../inventory/owner.ts';
import { readShard } from '../inventory/store.ts';
import { readOrders } from '../orders/many-orders-store.ts';
import type { Order } from '../orders/model.ts';
import { putSuspect, readSuspect, suspectJudged } from '../orders/suspects-store.ts';
import type { Table } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import type { StreamRecord } from '../platform/stream-records.ts';
import { later, type Clock } from '../platform/time.ts';
import { freeOrphansOf, judgedFrom, namingOf, noOrphans, type OrphanDependencies } from './free-orphan.ts';

/**
 * Looks once at every piece that somebody took, some seconds after: nearly always its order names it by then, and that
 * was all. Of the others a suspicion is kept, which is due as soon as the piece is old enough to be judged. So looking
 * for orphans costs one read for each order, and nothing for what was sold before.
 */
export const watchHolds =
  ({ bookings, clock }: { bookings: Table; clock: Clock }) =>
  async (records: readonly StreamRecord[]): Promise<{ looked: number; suspected: number }> => {
    const taken = takenPieces(records);
    const orders = await ordersOf(bookings, taken);
    const suspicious = taken.filter(
      (piece) => namingOf(orders.get(orderOfOwner(piece.owner)), piece) !== 'a-living-item',
    );
    const tries = new Map(
      suspicious.map((piece) => [`${JSON.stringify(piece.shard)} ${piece.owner}`, piece]),
    );
    for (const piece of tries.values()) {
      const { shard, owner } = piece;
      const dueAt = later(judgedFrom(piece), clock());
      await putSuspect(bookings, { orderId: orderOfOwner(owner), shard, owner, dueAt });
    }
    return { looked: taken.length, suspected: tries.size };
  };

/** Not read consistently, at half the price. What cannot be read is suspicious, and judged by itself. */
const ordersOf = async (bookings: Table, taken: readonly OwnedPiece[]): Promise<Map<OrderId, Order>> => {
  const orderIds = new Set(taken.map(({ owner }) => orderOfOwner(owner)));
  const read = (ids: Iterable<OrderId>) => readOrders(bookings, ids, { consistent: false });
  const all = await read(orderIds).catch(() => undefined);
  if (all) return all;
  const each = await Promise.allSettled([...orderIds].map((orderId) => read([orderId])));
  if (each.every(({ status }) => status === 'rejected')) throw new Error('no order could be read');
  return new Map(each.flatMap((one) => (one.status === 'fulfilled' ? [...one.value] : [])));
};

/** Judges what a try of an order has taken in one shard. `unfinished` while it is too young. */
export const judgeSuspect =
  (dependencies: OrphanDependencies) =>
  async (orderId: OrderId, sk: string): Promise<'unfinished' | void> => {
    const { bookings, inventory, clock } = dependencies;
    const suspect = await readSuspect(bookings, orderId, sk);
    if (!suspect) return;
    const { shard, owner } = suspect;
    const state = await readShard(inventory, shard);
    const pieces = [...(state?.pieces.values() ?? [])].flatMap(({ owner: by, ...piece }): OwnedPiece[] =>
      by === owner ? [{ shard, piece, owner }] : [],
    );
    if (pieces.some((piece) => judgedFrom(piece) > clock())) return 'unfinished';
    const found = noOrphans();
    await freeOrphansOf(dependencies, pieces, found);
    const [failure] = found.failed;
    if (failure) throw Object.assign(new Error('a suspect could not be judged'), { name: failure.why });
    await suspectJudged(bookings, suspect);
  };

import { takenPieces, type OwnedPiece } from '../inventory/changed-shards.ts';
import { orderOfOwner } from '../inventory/owner.ts';
import { keyOf, readShard } from '../inventory/store.ts';
import { readOrders } from '../orders/many-orders-store.ts';
import type { Order } from '../orders/model.ts';
import { putSuspect, readSuspect, suspectJudged } from '../orders/suspects-store.ts';
import { stoppable, type Table } from '../platform/dynamo.ts';
import { eachInTime, type BatchTime } from '../platform/each-in-time.ts';
import type { OrderId } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { StreamRecord } from '../platform/stream-records.ts';
import { later, type Clock } from '../platform/time.ts';
import { freeOrphansOf, judgedFrom, namingOf, noOrphans, type OrphanDependencies } from './free-orphan.ts';
import type { JudgeRefusal } from './rules.ts';

type Watched = {
  checked: number;
  suspected: number;
  /** The records whose suspects could not be stored: the stream delivers them again. */
  failed: { record: StreamRecord; why: unknown }[];
};

/**
 * Looks once at every taken piece, some seconds after the hold: nearly always its order names it by then, and nothing
 * is left to do. For the others it stores a suspicion, which is due as soon as the piece is old enough to judge. The
 * search for orphans therefore costs one read per order, and nothing for older sales.
 */
export const watchHolds =
  ({ bookings, clock }: { bookings: Table; clock: Clock }) =>
  async (records: readonly StreamRecord[], time: BatchTime): Promise<Watched> => {
    const taken = takenPieces(records);
    const orders = await ordersOf(bookings, taken, time);
    const suspicious = taken.filter(
      (piece) => namingOf(orders.get(orderOfOwner(piece.owner)), piece) !== 'a-living-item',
    );
    const tries = new Map(suspicious.map((piece) => [`${keyOf(piece.shard)} ${piece.owner}`, piece]));
    const failed = await eachInTime([...tries.values()], time, async (piece, signal) => {
      const { shard, owner } = piece;
      const dueAt = later(judgedFrom(piece), clock());
      await putSuspect(stoppable(bookings, signal), { orderId: orderOfOwner(owner), shard, owner, dueAt });
    });
    return {
      checked: taken.length,
      suspected: tries.size,
      failed: failed.flatMap(({ thing: { shard }, why }) =>
        records.filter(({ keys }) => keys['pk'] === keyOf(shard)).map((record) => ({ record, why })),
      ),
    };
  };

/** The read is not consistent, at half the price. An unreadable order is suspicious and is judged by itself. */
const ordersOf = async (
  bookings: Table,
  taken: readonly OwnedPiece[],
  time: BatchTime,
): Promise<Map<OrderId, Order>> => {
  const orderIds = [...new Set(taken.map(({ owner }) => orderOfOwner(owner)))];
  const found = new Map<OrderId, Order>();
  const read = async (ids: readonly OrderId[], signal: AbortSignal): Promise<void> => {
    for (const [id, order] of await readOrders(stoppable(bookings, signal), ids, { consistent: false }))
      found.set(id, order);
  };
  const [atOnce] = await eachInTime([orderIds], time, read);
  if (!atOnce) return found;
  const unread = await eachInTime(orderIds, time, (orderId, signal) => read([orderId], signal));
  if (unread.length === orderIds.length) throw atOnce.why;
  return found;
};

/** Judges the pieces that one try of an order took in one shard. Rejected while the try is too young. */
export const judgeSuspect =
  (dependencies: OrphanDependencies) =>
  async (orderId: OrderId, sk: string): Promise<Outcome<object, JudgeRefusal>> => {
    const { bookings, inventory, clock } = dependencies;
    const suspect = await readSuspect(bookings, orderId, sk);
    if (!suspect) return accepted({});
    const { shard, owner } = suspect;
    const state = await readShard(inventory, shard);
    const pieces = [...(state?.pieces.values() ?? [])].flatMap(({ owner: by, ...piece }): OwnedPiece[] =>
      by === owner ? [{ shard, piece, owner }] : [],
    );
    if (pieces.some((piece) => judgedFrom(piece) > clock())) return rejected('too-young');
    const found = noOrphans();
    await freeOrphansOf(dependencies, pieces, found);
    const [failure] = found.failed;
    if (failure) throw Object.assign(new Error('a suspect could not be judged'), { name: failure.why });
    await suspectJudged(bookings, suspect);
    return accepted({});
  };

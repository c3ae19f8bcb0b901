import type { Owner, Piece, Place, ShardKey } from '../inventory/model.ts';
import { orderOfOwner, takenAt } from '../inventory/owner.ts';
import { nameOfPiece } from '../inventory/pieces.ts';
import { readShardPage, type ShardPage } from '../inventory/scan-store.ts';
import { givePiecesBack } from '../inventory/store.ts';
import { readOrders } from '../orders/many-orders-store.ts';
import { fenceOwner } from '../orders/marks-store.ts';
import { itemsOf, livingStates, type Order } from '../orders/model.ts';
import { keepScanPlace, readScanPlace } from '../orders/scan-place-store.ts';
import { voidOrder } from '../orders/store.ts';
import type { Table } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import { loggable, logger } from '../platform/log.ts';
import { plusSeconds, type Clock, type Instant } from '../platform/time.ts';

type Dependencies = { bookings: Table; inventory: Table; clock: Clock };

export type OrphanReport = {
  /** Pieces whose order was read. */
  looked: number;
  freed: number;
  voided: number;
  fenced: number;
  /** What could not be dealt with; the others were. */
  failed: { key: string; why: string }[];
  /** Whether the scan has come to its end, or goes on from here next time. */
  done: boolean;
};

/** Younger pieces are a hold at work, in all likelihood. A hint that saves reads: age never permits anything. */
const youngSeconds = 120;

/** Long after it ran nobody asks for a seat of a run any more, and each of its sold seats would cost a read. */
const forgottenSeconds = 7 * 86_400;

const shardsPerPage = 25;
const scan = 'free-orphans';

/**
 * Finds the pieces of seats that no living item names, because a driver died between its hold and its commit or after,
 * and gives them back. Before that it makes sure that no commit which is still under way can ever name them: where
 * there is no order, by voiding it (T3); where there is one, by fencing the owner (T17). A scan too long for one call
 * goes on in the next; several at once do no harm.
 */
export const freeOrphans =
  (dependencies: Dependencies) =>
  async ({ hasTime }: { hasTime: () => boolean }): Promise<OrphanReport> => {
    const { bookings, inventory } = dependencies;
    const report: OrphanReport = { looked: 0, freed: 0, voided: 0, fenced: 0, failed: [], done: false };
    let after = await readScanPlace(bookings, scan);
    do {
      if (!hasTime()) return report;
      const page = await readShardPage(inventory, { after, shardsMax: shardsPerPage });
      for (const key of page.unreadable) report.failed.push({ key, why: 'cannot be read' });
      await freeOrphansOf(dependencies, ownedPieces(page, dependencies.clock()), report);
      after = page.next;
      await keepScanPlace(bookings, scan, after);
    } while (after !== undefined);
    return { ...report, done: true };
  };

type OwnedPiece = { shard: ShardKey; piece: Piece; owner: Owner; orderId: OrderId };

const ownedPieces = ({ shards }: ShardPage, now: Instant): OwnedPiece[] =>
  shards.flatMap(({ key, state }) =>
    [...state.pieces.values()].flatMap(({ owner, ...piece }) =>
      owner === 'free' || plusSeconds(takenAt(owner), youngSeconds) > now || isForgotten(key, now)
        ? []
        : [{ shard: key, piece, owner, orderId: orderOfOwner(owner) }],
    ),
  );

/** The service date stands in the run's id. */
const isForgotten = ({ runId }: ShardKey, now: Instant): boolean => {
  const date = /~(\d{4}-\d{2}-\d{2})/.exec(runId)?.[1] ?? '';
  return Date.parse(date) + forgottenSeconds * 1000 < Date.parse(now);
};

const freeOrphansOf = async (
  dependencies: Dependencies,
  pieces: readonly OwnedPiece[],
  report: OrphanReport,
): Promise<void> => {
  const byOrder = Map.groupBy(pieces, ({ orderId }) => orderId);
  // An order that cannot be read must not hide the others of its page: then each is read by itself.
  const known = await readOrders(dependencies.bookings, byOrder.keys()).catch(() => undefined);
  for (const [orderId, ofOrder] of byOrder) {
    try {
      const orders = known ?? (await readOrders(dependencies.bookings, [orderId]));
      for (const piece of ofOrder) {
        report.looked += 1;
        await freeOrphan(dependencies, piece, orders.get(orderId), report);
      }
    } catch (error) {
      logger.error('an owned seat could not be dealt with', { orderId, thrown: loggable(error) });
      report.failed.push({ key: orderId, why: error instanceof Error ? error.name : 'unknown' });
    }
  }
};

/** Who names a piece, and so what has to be done before it may be given back. */
type Naming = 'a-living-item' | 'a-dead-item' | 'nobody' | 'no-order';

const namingOf = (order: Order | undefined, { shard, piece, owner }: OwnedPiece): Naming => {
  if (!order) return 'no-order';
  // Nothing ever becomes of a void order, so nothing will name its pieces.
  if (order.state === 'void') return 'a-dead-item';
  const names = ({ place }: { place: Place }): boolean =>
    place.owner === owner &&
    place.shard.runId === shard.runId &&
    place.shard.class === shard.class &&
    place.shard.shard === shard.shard &&
    nameOfPiece(place.piece) === nameOfPiece(piece);
  const naming = itemsOf(order).filter(names);
  if (naming.length === 0) return 'nobody';
  // In `releasing` the closer is giving the pieces back, and counts on its own answers.
  const mayLive = livingStates.has(order.state) || order.state === 'releasing';
  return mayLive && naming.some(({ dead }) => !dead) ? 'a-living-item' : 'a-dead-item';
};

const freeOrphan = async (
  { bookings, inventory, clock }: Dependencies,
  piece: OwnedPiece,
  read: Order | undefined,
  report: OrphanReport,
): Promise<void> => {
  const { orderId, owner } = piece;
  let order = read;
  let naming = namingOf(order, piece);
  if (naming === 'no-order') {
    order = await voidOrder(bookings, orderId, clock());
    // It was committed after all, between the read and this: what stands decides.
    naming = order ? namingOf(order, piece) : 'a-dead-item';
    if (!order) report.voided += 1;
  }
  if (naming === 'nobody' && order && order.state !== 'void') {
    // Refused: an item has taken this owner meanwhile, so that it lives.
    if (!(await fenceOwner(bookings, orderId, owner, Object.keys(order.items)))) return;
    report.fenced += 1;
    naming = 'a-dead-item';
  }
  if (naming !== 'a-dead-item') return;
  await givePiecesBack(inventory, [piece]);
  report.freed += 1;
  logger.warn('a seat that no order names was given back', { orderId, runId: piece.shard.runId });
};

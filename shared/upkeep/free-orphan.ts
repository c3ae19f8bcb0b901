import type { OwnedPiece } from '../inventory/changed-shards.ts';
import type { Place } from '../inventory/model.ts';
import { orderOfOwner, takenAt } from '../inventory/owner.ts';
import { nameOfPiece } from '../inventory/pieces.ts';
import { fenceOnEntry } from '../entries/store.ts';
import { readOrders } from '../orders/many-orders-store.ts';
import { fenceOwner } from '../orders/marks-store.ts';
import { isLiving, itemsOf, placesOf, type Order } from '../orders/model.ts';
import { readOrder, voidOrder } from '../orders/store.ts';
import { releaseSeats } from '../runs/release-seats.ts';
import type { Table } from '../platform/dynamo.ts';
import { loggable, logger } from '../platform/log.ts';
import { plusSeconds, type Clock, type Instant } from '../platform/time.ts';

export type OrphanDependencies = { bookings: Table; inventory: Table; clock: Clock };

export type OrphansFound = {
  /** The number of pieces whose order was read. */
  checked: number;
  freed: number;
  voided: number;
  fenced: number;
  /** The items that failed; the others succeeded. */
  failed: { key: string; why: string }[];
};

export const noOrphans = (): OrphansFound => ({ checked: 0, freed: 0, voided: 0, fenced: 0, failed: [] });

/** Younger pieces probably belong to a hold under way. This hint saves work: age never permits anything. */
const youngSeconds = 120;

/** The time from which a piece is worth judging. */
export const judgedFrom = ({ owner }: OwnedPiece): Instant => plusSeconds(takenAt(owner), youngSeconds);

/**
 * Releases the pieces that no living item names, because a driver died between its hold and its commit or later. Before
 * that it makes sure that no commit under way can ever name them: if there is no order, by voiding it (T3), or by
 * fencing the owner on the entry of the waitlist that may become it (T47); if there is one, by fencing the owner (T17).
 */
export const freeOrphansOf = async (
  dependencies: OrphanDependencies,
  pieces: readonly OwnedPiece[],
  report: OrphansFound,
): Promise<void> => {
  const byOrder = Map.groupBy(pieces, ({ owner }) => orderOfOwner(owner));
  // An unreadable order must not hide the others of its page: this then reads each by itself.
  const readTogether = await readOrders(dependencies.bookings, byOrder.keys()).catch((error: unknown) => {
    logger.warn('orders could not be read together and are read one by one', { thrown: loggable(error) });
    return undefined;
  });
  for (const [orderId, ofOrder] of byOrder) {
    try {
      const orders = readTogether ?? (await readOrders(dependencies.bookings, [orderId]));
      for (const piece of ofOrder) {
        report.checked += 1;
        await freeOrphan(dependencies, piece, orders.get(orderId), report);
      }
    } catch (error) {
      logger.error('an owned seat could not be judged', { orderId, thrown: loggable(error) });
      report.failed.push({ key: orderId, why: error instanceof Error ? error.name : 'unknown' });
    }
  }
};

/** Who names a piece, which decides what must happen before its release. */
export type Naming = 'a-living-item' | 'no-living-item' | 'nobody' | 'no-order';

export const namingOf = (order: Order | undefined, { shard, piece, owner }: OwnedPiece): Naming => {
  if (!order) return 'no-order';
  // A void order never changes again, so none of its items will name pieces.
  if (order.state === 'void') return 'no-living-item';
  const isNamed = (place: Place): boolean =>
    place.owner === owner &&
    place.shard.runId === shard.runId &&
    place.shard.class === shard.class &&
    place.shard.shard === shard.shard &&
    nameOfPiece(place.piece) === nameOfPiece(piece);
  const naming = itemsOf(order).filter((item) => placesOf(item).some(isNamed));
  if (naming.length === 0) return 'nobody';
  // In `releasing`, the worker that ends the order releases the pieces, and relies on the answers to its own writes.
  return order.state === 'releasing' || naming.some(isLiving) ? 'a-living-item' : 'no-living-item';
};

const freeOrphan = async (
  dependencies: OrphanDependencies,
  piece: OwnedPiece,
  read: Order | undefined,
  report: OrphansFound,
): Promise<void> => {
  const { bookings, clock } = dependencies;
  const { owner } = piece;
  const orderId = orderOfOwner(owner);
  let order = read;
  let naming = namingOf(order, piece);
  // An entry of the waitlist with this id must stay able to become an order: its own fence (T47) replaces T3.
  const entry = naming === 'no-order' ? await fenceOnEntry(bookings, orderId, owner) : undefined;
  if (entry) {
    order = await readOrder(bookings, orderId, { consistent: true });
    naming = entry.state === 'fulfilled' ? namingOf(order, piece) : 'no-living-item';
    report.fenced += 1;
  } else if (naming === 'no-order') {
    const voided = await voidOrder(bookings, orderId, clock());
    if (voided.outcome === 'accepted') {
      naming = 'no-living-item';
      report.voided += 1;
    } else {
      // The order was committed after all, between the read and this write: its items decide.
      order = voided.order;
      naming = namingOf(order, piece);
    }
  }
  if (naming === 'nobody' && order && order.state !== 'void') {
    // Refused: an item has taken this owner meanwhile, so it lives.
    const fenced = await fenceOwner(bookings, orderId, owner, Object.keys(order.items));
    if (fenced.outcome === 'rejected') return;
    report.fenced += 1;
    naming = 'no-living-item';
  }
  if (naming !== 'no-living-item') return;
  await releaseSeats(dependencies)([piece]);
  report.freed += 1;
  logger.warn('a seat that no order names was released', { orderId, runId: piece.shard.runId });
};

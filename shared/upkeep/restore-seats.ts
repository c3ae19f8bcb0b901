import { cutsFor } from '../inventory/hold-again.ts';
import { takenAt } from '../inventory/owner.ts';
import { holdFirstPieces, holdPieces } from '../inventory/hold-store.ts';
import { ownsAll } from '../inventory/hold-seats.ts';
import type { Place } from '../inventory/model.ts';
import { untouchedShard } from '../inventory/pieces.ts';
import { shardsOfRun } from '../inventory/shards.ts';
import { readShard } from '../inventory/store.ts';
import { livingItems, placesOf } from '../orders/model.ts';
import { readOrder } from '../orders/store.ts';
import type { Table } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Run } from '../timetable/model.ts';
import { readFrozenRun } from '../timetable/store.ts';
import type { RestoreRefusal } from './rules.ts';

type Dependencies = { timetable: Table; inventory: Table; bookings: Table };

/** What became of one place that an item names. */
export type RestoredPlace = { place: Place; outcome: Outcome<object, RestoreRefusal> };

/** A rival that is quicker every time does not exist while the sale is closed. */
const triesMax = 4;

/**
 * Gives a living order the seats that its items name, after Inventory was restored to an earlier moment than Bookings:
 * T1 with the owner that the item already has. Each piece is taken only while it is free, so it is safe at any time,
 * and to repeat. What somebody else has meanwhile stays as it is: that seat is sold twice, and a person must decide.
 */
export const restoreSeats =
  (dependencies: Dependencies) =>
  async (orderId: OrderId): Promise<RestoredPlace[]> => {
    const order = await readOrder(dependencies.bookings, orderId, { consistent: true });
    if (!order || order.state === 'void') return [];
    const places = livingItems(order).flatMap(placesOf);
    const run = await readFrozenRun(dependencies.timetable, order.runId, { consistent: true });
    const restored: RestoredPlace[] = [];
    for (const place of places)
      restored.push({
        place,
        outcome: run ? await takeAsNamed(dependencies.inventory, run, place) : rejected('run-not-frozen'),
      });
    return restored;
  };

const takeAsNamed = async (
  inventory: Table,
  run: Run,
  place: Place,
): Promise<Outcome<object, RestoreRefusal>> => {
  const { shard, owner } = place;
  const known = shardsOfRun(run).find(
    ({ key }) =>
      key.class === shard.class && key.shard === shard.shard && key.generation === shard.generation,
  );
  if (!known) return rejected('not-of-this-run');
  const untouched = untouchedShard(known.seatCount, run.stops.length);
  for (let attempt = 0; attempt < triesMax; attempt += 1) {
    const stored = await readShard(inventory, shard);
    if (ownsAll(stored, [place])) return accepted({});
    if (stored?.closed !== undefined) return rejected('closed');
    // A living order comes before the waitlist.
    const cuts = cutsFor(stored ?? untouched, [place], { now: takenAt(owner), isWaitlist: true });
    if (!cuts) return rejected('taken');
    const result = stored
      ? await holdPieces(inventory, shard, cuts, owner)
      : await holdFirstPieces(inventory, shard, untouched, cuts, owner);
    if (result.outcome === 'held') return accepted({});
  }
  return rejected('busy');
};

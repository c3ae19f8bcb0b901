import { countAvailability } from '../../shared/inventory/count-availability.ts';
import { changedRuns } from '../../shared/inventory/changed-shards.ts';
import { runOfShardKey } from '../../shared/inventory/store.ts';
import {
  availabilityTable,
  bookingsTable,
  inventoryTable,
  timetableTable,
} from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { stoppable, type Table } from '../../shared/platform/dynamo.ts';
import { eachInTime } from '../../shared/platform/each-in-time.ts';
import { countingWith } from '../../shared/selling/may-come-free.ts';
import { readFrozenRun } from '../../shared/timetable/store.ts';
import { streamHandler } from '../middleware/stream-handler.ts';

const clock = systemClock();

/** Counts each run that a batch touched once, however many of its seats changed hands. */
export const handler = streamHandler(async (records, time) => {
  const failed = await eachInTime(changedRuns(records), time, async (runId, signal) => {
    const inTime = (table: Table) => stoppable(table, signal);
    const run = await readFrozenRun(inTime(timetableTable()), runId, { consistent: true });
    if (!run) throw new Error(`the run ${runId} has shards and was never frozen`);
    const counting = countingWith({
      inventory: inTime(inventoryTable()),
      availability: inTime(availabilityTable()),
      bookings: inTime(bookingsTable()),
      clock,
    });
    await countAvailability(counting)(run);
  });
  return failed.flatMap(({ thing: runId, why }) =>
    records
      .filter(({ keys }) => runOfShardKey(String(keys['pk'])) === runId)
      .map((record) => ({ record, why })),
  );
});

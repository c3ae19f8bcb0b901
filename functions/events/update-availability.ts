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
import { countRun } from '../../shared/selling/count-run.ts';
import { streamHandler } from '../middleware/stream-handler.ts';

const clock = systemClock();

/** Counts the free seats of each run in a batch once, even if the batch changed many of its seats. */
export const handler = streamHandler(async (records, time) => {
  const failed = await eachInTime(changedRuns(records), time, async (runId, signal) => {
    const inTime = (table: Table) => stoppable(table, signal);
    await countRun({
      timetable: inTime(timetableTable()),
      inventory: inTime(inventoryTable()),
      availability: inTime(availabilityTable()),
      bookings: inTime(bookingsTable()),
      clock,
    })(runId);
  });
  return failed.flatMap(({ thing: runId, why }) =>
    records
      .filter(({ keys }) => runOfShardKey(String(keys['pk'])) === runId)
      .map((record) => ({ record, why })),
  );
});

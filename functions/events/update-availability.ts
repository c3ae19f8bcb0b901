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

/** Counts each run that a batch touched once, however many of its seats changed hands. */
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

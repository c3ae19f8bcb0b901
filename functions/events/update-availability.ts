import { countAvailability } from '../../shared/inventory/count-availability.ts';
import { changedRuns } from '../../shared/inventory/changed-shards.ts';
import { runOfShardKey } from '../../shared/inventory/store.ts';
import { availabilityTable, inventoryTable, timetableTable } from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { stoppable } from '../../shared/platform/dynamo.ts';
import { eachInTime } from '../../shared/platform/each-in-time.ts';
import { readFrozenRun } from '../../shared/timetable/store.ts';
import { streamHandler } from '../middleware/stream-handler.ts';

const clock = systemClock();

/** Counts each run that a batch touched once, however many of its seats changed hands. */
export const handler = streamHandler(async (records, time) => {
  const failed = await eachInTime(changedRuns(records), time, async (runId, signal) => {
    const [timetable, inventory, availability] = [timetableTable(), inventoryTable(), availabilityTable()];
    const run = await readFrozenRun(stoppable(timetable, signal), runId, { consistent: true });
    if (!run) throw new Error(`the run ${runId} has shards and was never frozen`);
    await countAvailability({
      inventory: stoppable(inventory, signal),
      availability: stoppable(availability, signal),
      clock,
    })(run);
  });
  return failed.flatMap(({ thing: runId, why }) =>
    records
      .filter(({ keys }) => runOfShardKey(String(keys['pk'])) === runId)
      .map((record) => ({ record, why })),
  );
});

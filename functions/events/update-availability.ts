import { countAvailability } from '../../shared/inventory/count-availability.ts';
import { changedRuns } from '../../shared/inventory/changed-shards.ts';
import { availabilityTable, inventoryTable, timetableTable } from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { readFrozenRun } from '../../shared/timetable/store.ts';
import { streamHandler } from '../middleware/stream-handler.ts';

const clock = systemClock();

/** Counts each run that a batch touched once, however many of its seats changed hands. */
export const handler = streamHandler(async (records) => {
  const count = countAvailability({ inventory: inventoryTable(), availability: availabilityTable(), clock });
  await Promise.all(
    changedRuns(records).map(async (runId) => {
      const run = await readFrozenRun(timetableTable(), runId, { consistent: true });
      if (!run) throw new Error(`the run ${runId} has shards and was never frozen`);
      await count(run);
    }),
  );
});

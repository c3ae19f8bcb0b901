import { countAvailability } from '../inventory/count-availability.ts';
import type { Table } from '../platform/dynamo.ts';
import type { RunId } from '../platform/ids.ts';
import type { Clock } from '../platform/time.ts';
import { readFrozenRun } from '../timetable/store.ts';
import { countingWith } from './may-come-free.ts';

type Dependencies = {
  timetable: Table;
  inventory: Table;
  availability: Table;
  bookings: Table;
  clock: Clock;
};

/** Counts the free seats of a run whose shards have changed. Throws if a run has shards but is not frozen. */
export const countRun =
  (dependencies: Dependencies) =>
  async (runId: RunId): Promise<void> => {
    const run = await readFrozenRun(dependencies.timetable, runId, { consistent: true });
    if (!run) throw new TypeError(`the run ${runId} has shards but is not frozen`);
    await countAvailability(countingWith(dependencies))(run);
  };

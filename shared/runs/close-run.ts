import { closedForGood } from '../inventory/pieces.ts';
import type { RunId } from '../platform/ids.ts';
import { closeFrozenRun } from '../timetable/change-store.ts';
import type { Run } from '../timetable/model.ts';
import { freezeRun, readRun } from '../timetable/store.ts';
import { closeShards, type RunTables } from './change-run.ts';

/**
 * T22: a run is sold no more, and its paid orders get their money back. The run first, then every shard of the
 * generation that this write returned: the other way round, a change in between would leave a hold under way that
 * nothing stops. Done again, it ends what was begun; undefined where there is no such run.
 */
export const closeRun = async (
  { timetable, inventory }: RunTables,
  runId: RunId,
): Promise<Run | undefined> => {
  const known = await readRun(timetable, runId);
  if (!known) return undefined;
  // Where nobody has touched it yet, it is frozen as the timetable has it.
  const run = await closeFrozenRun(timetable, await freezeRun(timetable, known));
  if (run) await closeShards(inventory, run, closedForGood);
  return run;
};

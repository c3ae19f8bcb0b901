import { closedForGood } from '../inventory/pieces.ts';
import type { RunId } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { closeFrozenRun } from '../timetable/change-store.ts';
import type { Run } from '../timetable/model.ts';
import { freezeRun, readRun } from '../timetable/store.ts';
import { closeShards, type RunTables } from './change-run.ts';

/**
 * T22: ends the sale of a run; its paid orders get their money back. It closes the run first, and then every shard of
 * the generation that this write returned: the other way round, a change in between would leave a hold under way that
 * nothing stops. A repetition finishes what an earlier call began.
 */
export const closeRun = async (
  { timetable, inventory }: RunTables,
  runId: RunId,
): Promise<Outcome<{ run: Run }, 'unknown-run'>> => {
  const current = await readRun(timetable, runId);
  if (!current) return rejected('unknown-run');
  // If nobody has touched the run yet, freezes it in the state of the timetable.
  const closed = await closeFrozenRun(timetable, await freezeRun(timetable, current));
  if (closed.outcome === 'rejected') return closed;
  await closeShards(inventory, closed.run, closedForGood);
  return accepted({ run: closed.run });
};

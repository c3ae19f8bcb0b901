import type { Table } from '../platform/dynamo.ts';
import type { RunId, StopId } from '../platform/ids.ts';
import { rejected, type Outcome } from '../platform/outcome.ts';
import { strikeStop } from '../timetable/change-store.ts';
import type { Run } from '../timetable/model.ts';
import { freezeRun, readRun } from '../timetable/store.ts';

/**
 * Ends the sale from and to a stop of a run. Its shards stay open, so a hold that read the run before this may still come:
 * nobody gets a ticket for it (T15 reads the run), and the job of the announcement looks again.
 */
export const cancelStop = async (
  { timetable }: { timetable: Table },
  runId: RunId,
  stopId: StopId,
): Promise<Outcome<{ run: Run }, 'unknown-run'>> => {
  const current = await readRun(timetable, runId);
  return current
    ? strikeStop(timetable, await freezeRun(timetable, current), stopId)
    : rejected('unknown-run');
};

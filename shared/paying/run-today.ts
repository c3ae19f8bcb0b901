import type { CommittedOrder } from '../orders/model.ts';
import type { Table } from '../platform/dynamo.ts';
import { readFrozenRun, readRunOfVersion, readState } from '../timetable/store.ts';
import type { RunToday } from './no-travel.ts';

/**
 * The sold run of an order, and the same run in the newest timetable: the version in force up to a second ago; callers
 * that send money back use `afresh` to read it now.
 */
export const readRunToday = async (
  timetable: Table,
  { runId }: Pick<CommittedOrder, 'runId'>,
  { afresh }: { afresh: boolean },
): Promise<RunToday> => {
  const [run, { version }] = await Promise.all([
    readFrozenRun(timetable, runId, { consistent: true }),
    readState(timetable, { afresh }),
  ]);
  if (!run || !version || run.version >= version.version) return { run, newest: run };
  return { run, newest: await readRunOfVersion(timetable, version, runId) };
};

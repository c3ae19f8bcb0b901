import type { ServiceDate } from '../platform/ids.ts';
import type { Version } from '../timetable/model.ts';
import { putVersion } from '../timetable/store.ts';
import {
  followFrozenRuns,
  noteBehindRuns,
  type FollowedRuns,
  type ImportDependencies,
} from './follow-frozen-runs.ts';

/**
 * Puts a version whose rows are all written in force, and lets the runs follow it that nobody has bought. Undefined
 * where a newer version came first: versions only ever become newer, or a run could not tell which one to follow.
 */
export const putInForce = async (
  dependencies: ImportDependencies,
  version: Version,
  today: ServiceDate,
): Promise<FollowedRuns | undefined> => {
  await noteBehindRuns(dependencies, version, today);
  if (!(await putVersion(dependencies.timetable, version))) return undefined;
  return followFrozenRuns(dependencies, version, today);
};

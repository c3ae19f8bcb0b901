import type { ServiceDate } from '../platform/ids.ts';
import { accepted, type Outcome } from '../platform/outcome.ts';
import type { Version } from '../timetable/model.ts';
import { putVersion, type Replacement } from '../timetable/store.ts';
import {
  followFrozenRuns,
  noteBehindRuns,
  type FollowedRuns,
  type ImportDependencies,
} from './follow-frozen-runs.ts';

/**
 * Puts a version in force after all its rows are written, and makes the runs that nobody has bought follow it. Rejected
 * if a newer version came first, or if the version in force is not the one that the caller replaces: versions only
 * become newer, otherwise a run could not know which one to follow.
 */
export const putInForce = async (
  dependencies: ImportDependencies,
  version: Version,
  today: ServiceDate,
  replacement?: Replacement,
): Promise<Outcome<{ followed: FollowedRuns }, 'newer-in-force'>> => {
  await noteBehindRuns(dependencies, version, today);
  const put = await putVersion(dependencies.timetable, version, replacement);
  if (put.outcome === 'rejected') return put;
  return accepted({ followed: await followFrozenRuns(dependencies, version, today) });
};

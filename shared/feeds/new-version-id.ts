import type { Table } from '../platform/dynamo.ts';
import { newUlid } from '../platform/random.ts';
import { instantOf, later, type Instant } from '../platform/time.ts';
import { timeOfUlid } from '../platform/ulid-bytes.ts';
import { readState } from '../timetable/store.ts';

/**
 * The id of a version that is newer than the one in force, also where that was imported by a machine whose clock is
 * ahead: what is newer is decided by the ids alone.
 */
export const newVersionId = async (timetable: Table, now: Instant): Promise<string> => {
  const { version } = await readState(timetable, { afresh: true });
  const last = version && timeOfUlid(version.version);
  return newUlid(last === undefined ? now : later(now, instantOf(last + 1)));
};

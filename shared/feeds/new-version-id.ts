import type { Table } from '../platform/dynamo.ts';
import { newUlid } from '../platform/random.ts';
import { instantOf, later, type Instant } from '../platform/time.ts';
import { timeOfUlid } from '../platform/ulid-bytes.ts';
import { readState } from '../timetable/store.ts';

/**
 * Makes an id that is newer than the version in force, even if a machine whose clock is ahead imported that version:
 * only the ids decide which version is newer.
 */
export const newVersionId = async (timetable: Table, now: Instant): Promise<string> => {
  const { version } = await readState(timetable, { afresh: true });
  const last = version && timeOfUlid(version.version);
  return newUlid(last === undefined ? now : later(now, instantOf(last + 1)));
};

import { newUlid } from '../platform/random.ts';
import { instantOf, later, type Instant } from '../platform/time.ts';
import { timeOfUlid } from '../platform/ulid-bytes.ts';
import type { Version } from '../timetable/model.ts';
import { ulidOf } from '../platform/version-id.ts';

/**
 * Makes an id that is newer than the version in force, even if a machine whose clock is ahead imported that version:
 * only the ids decide which version is newer.
 */
export const newVersionId = (inForce: Version | undefined, now: Instant): string => {
  const last = inForce && timeOfUlid(ulidOf(inForce.version));
  return newUlid(last === undefined ? now : later(now, instantOf(last + 1)));
};

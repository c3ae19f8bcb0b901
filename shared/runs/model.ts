import type { Run } from '../timetable/model.ts';

/**
 * How a newer version differs from a run: it lacks the run, or has other stops and times, other seats, or only other
 * names.
 */
export type Difference = 'gone' | 'times' | 'layout' | 'details';

/**
 * The result of making a run follow the newest version.
 *
 * - `current`: it is of that version, or does not differ from it
 * - `changed`: it now follows
 * - `gone`: the version lacks it, so its sale has ended; nobody travels on it
 * - `over`: it is closed or has departed
 * - `held`: somebody holds seats on it and may be paying; try again later
 * - `kept`: somebody has bought seats on it, so it keeps what the passengers bought
 * - `overtaken`: another change is under way, or a newer version came into force meanwhile; try again later
 */
export type Followed = 'current' | 'changed' | 'gone' | 'over' | 'held' | 'kept' | 'overtaken';

/** A run that differs from the newest version. */
export type BehindRun = { run: Run; differs: Difference };

import type { Run } from '../timetable/model.ts';

/** What a newer version has otherwise: the run is not in it, or its stops and times, its seats, or only its names. */
export type Difference = 'gone' | 'times' | 'layout' | 'details';

/**
 * What became of a run that is to follow the newest version.
 *
 * - `current`: it is of that version, or that version has it just so
 * - `changed`: it has followed
 * - `gone`: the version does not have it, so it is sold no more; nobody travels on it
 * - `over`: closed, or departed
 * - `held`: somebody holds seats of it, and perhaps pays; later
 * - `kept`: somebody has bought seats of it, so it stays as it was sold
 * - `overtaken`: somebody else is changing it, or a newer version came into force meanwhile; later
 */
export type Followed = 'current' | 'changed' | 'gone' | 'over' | 'held' | 'kept' | 'overtaken';

/** A run that the newest version has otherwise. */
export type BehindRun = { run: Run; differs: Difference };

import type { Table } from '../platform/dynamo.ts';
import type { RunId, ServiceDate } from '../platform/ids.ts';
import { plusDays, plusSeconds, type Clock } from '../platform/time.ts';
import { noteRun } from '../runs/due-store.ts';
import { followDue } from '../runs/follow-newest.ts';
import type { BehindRun, Difference, Followed } from '../runs/model.ts';
import { differenceOf } from '../runs/rules.ts';
import type { Version } from '../timetable/model.ts';
import { readFrozenRunsOf, readRunOfVersion, readState } from '../timetable/store.ts';

/** A run that orders have touched and that the new version has otherwise. */
export type TouchedRun = { runId: RunId; trip: string; differs: Difference };

/** What became of such runs. */
export type FollowedRuns = {
  /** As the new version has them; or not in it any more, and nobody travels on them. */
  changedRuns: TouchedRun[];
  /** Somebody holds seats: they follow when those holds have ended unpaid, by the clean-up. */
  waitingRuns: TouchedRun[];
  /** Somebody has bought seats: they stay as they were sold. */
  keptRuns: TouchedRun[];
};

export type ImportDependencies = { timetable: Table; inventory: Table; bookings: Table; clock: Clock };

/** One query a date: a year of sales is some twenty rounds. */
const datesAtOnce = 16;
const runsAtOnce = 8;

/**
 * The frozen runs, from two days ago to the end of sales, that a version has otherwise. Its rows must be written. One
 * that cannot be read keeps no timetable from its import: it is noted, and a person told by the clean-up that fails at it.
 */
const findBehind = async (
  { timetable, bookings, clock }: ImportDependencies,
  version: Version,
  today: ServiceDate,
): Promise<BehindRun[]> => {
  const { sales } = await readState(timetable, { afresh: true });
  const behind: BehindRun[] = [];
  if (!sales) return behind;
  let dates: ServiceDate[] = [];
  const compareDates = async (): Promise<void> => {
    // Who froze a run just before the version was in force relies on being seen.
    const frozen = await Promise.all(
      dates.map((date) => readFrozenRunsOf(timetable, date, { consistent: true })),
    );
    for (const { runId } of frozen.flatMap(({ unreadable }) => unreadable))
      await noteRun(bookings, runId, { now: clock(), dueAt: clock() });
    const runs = frozen.flatMap((ofDate) => ofDate.runs);
    for (const run of runs.filter(({ state }) => state === 'open')) {
      const differs = differenceOf(run, await readRunOfVersion(timetable, version, run.runId));
      if (differs) behind.push({ run, differs });
    }
    dates = [];
  };
  for (let date = plusDays(today, -2); date <= sales.until; date = plusDays(date, 1)) {
    dates.push(date);
    if (dates.length === datesAtOnce) await compareDates();
  }
  await compareDates();
  return behind;
};

/** How long an importer may take before the clean-up does its work: safe from the start, only not needed. */
const importerSeconds = 120;

const noteBehind = async (
  { bookings, clock }: ImportDependencies,
  { run }: BehindRun,
  { version }: Version,
): Promise<void> => {
  const now = clock();
  await noteRun(bookings, run.runId, { now, dueAt: plusSeconds(now, importerSeconds), version });
};

/**
 * Before a version is put in force: notes every run that may have to follow it, so that the clean-up sees to them
 * should the importer die.
 */
export const noteBehindRuns = async (
  dependencies: ImportDependencies,
  version: Version,
  today: ServiceDate,
): Promise<void> =>
  atOnce(await findBehind(dependencies, version, today), (behind) =>
    noteBehind(dependencies, behind, version),
  );

/**
 * After it: lets those runs follow which nobody has bought or holds. They are looked for again, since some were frozen
 * meanwhile, and noted again: the clean-up may have been at them before the version was there.
 */
export const followFrozenRuns = async (
  dependencies: ImportDependencies,
  version: Version,
  today: ServiceDate,
): Promise<FollowedRuns> => {
  const followed: FollowedRuns = { changedRuns: [], waitingRuns: [], keptRuns: [] };
  await atOnce(await findBehind(dependencies, version, today), async (behind) => {
    const { run, differs } = behind;
    await noteBehind(dependencies, behind, version);
    const list = listOf[await followDue(dependencies)(run.runId)];
    if (list) followed[list].push({ runId: run.runId, trip: run.trip, differs });
  });
  for (const runs of Object.values(followed)) runs.sort((a, b) => (a.runId < b.runId ? -1 : 1));
  return followed;
};

const listOf: Readonly<Record<Followed, keyof FollowedRuns | undefined>> = {
  changed: 'changedRuns',
  gone: 'changedRuns',
  held: 'waitingRuns',
  overtaken: 'waitingRuns',
  kept: 'keptRuns',
  current: undefined,
  over: undefined,
};

const atOnce = async <Each>(list: readonly Each[], work: (each: Each) => Promise<void>): Promise<void> => {
  for (let start = 0; start < list.length; start += runsAtOnce) {
    await Promise.all(list.slice(start, start + runsAtOnce).map(work));
  }
};

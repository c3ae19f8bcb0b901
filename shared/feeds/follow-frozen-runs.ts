import type { Table } from '../platform/dynamo.ts';
import type { RunId, ServiceDate } from '../platform/ids.ts';
import { plusDays, plusSeconds, type Clock } from '../platform/time.ts';
import { noteRun } from '../runs/due-store.ts';
import { followDue } from '../runs/follow-newest.ts';
import { foreseeFollowing } from '../runs/foresee-following.ts';
import type { BehindRun, Difference, Followed } from '../runs/model.ts';
import { differenceOf } from '../runs/rules.ts';
import type { Run, Version } from '../timetable/model.ts';
import { runsInRows } from '../timetable/runs-in-rows.ts';
import { lastServiceDateSold } from '../timetable/sale-rules.ts';
import { readFrozenRunsOf, readRunOfVersion, readState } from '../timetable/store.ts';
import type { VersionRows } from '../timetable/version-store.ts';

/** A run that orders have touched and that differs in the new version. */
export type TouchedRun = { runId: RunId; trip: string; differs: Difference };

/** The result for these runs. */
export type FollowedRuns = {
  /** These runs now match the new version, or the new version lacks them and nobody travels on them. */
  changedRuns: TouchedRun[];
  /** Somebody holds seats: the clean-up makes these runs follow after their holds end without payment. */
  waitingRuns: TouchedRun[];
  /** Somebody has bought seats: these runs keep what the passengers bought. */
  keptRuns: TouchedRun[];
};

export type ImportDependencies = { timetable: Table; inventory: Table; bookings: Table; clock: Clock };

/** Each date needs one query: a year of sales takes about twenty rounds. */
const datesAtOnce = 16;
const runsAtOnce = 8;

/** The same run in the new version; undefined if that lacks it. */
type FreshRun = (runId: RunId) => Promise<Run | undefined>;

type Found = { behind: (BehindRun & { fresh: Run | undefined })[]; unreadable: RunId[] };

/** Finds the frozen runs, from two days ago to the end of sales, that differ from a version. It writes nothing. */
const findBehind = async (timetable: Table, freshOf: FreshRun, today: ServiceDate): Promise<Found> => {
  const { sales } = await readState(timetable, { afresh: true });
  const found: Found = { behind: [], unreadable: [] };
  if (!sales) return found;
  let dates: ServiceDate[] = [];
  const compareDates = async (): Promise<void> => {
    // An order may have frozen a run just before the version came into force; this read must see that run.
    const frozen = await Promise.all(
      dates.map((date) => readFrozenRunsOf(timetable, date, { consistent: true })),
    );
    found.unreadable.push(...frozen.flatMap(({ unreadable }) => unreadable.map(({ runId }) => runId)));
    const runs = frozen.flatMap((ofDate) => ofDate.runs);
    for (const run of runs.filter(({ state }) => state === 'open')) {
      const fresh = await freshOf(run.runId);
      const differs = differenceOf(run, fresh);
      if (differs) found.behind.push({ run, differs, fresh });
    }
    dates = [];
  };
  const last = lastServiceDateSold(sales);
  for (let date = plusDays(today, -2); date <= last; date = plusDays(date, 1)) {
    dates.push(date);
    if (dates.length === datesAtOnce) await compareDates();
  }
  await compareDates();
  return found;
};

/**
 * The frozen runs that differ from a version whose rows are written. An unreadable run does not stop the import: this
 * notes it, and the clean-up fails at it and alerts a person.
 */
const findAndNote = async (
  { timetable, bookings, clock }: ImportDependencies,
  version: Version,
  today: ServiceDate,
): Promise<BehindRun[]> => {
  const freshOf: FreshRun = (runId) => readRunOfVersion(timetable, version, runId);
  const { behind, unreadable } = await findBehind(timetable, freshOf, today);
  for (const runId of unreadable) await noteRun(bookings, runId, { now: clock(), dueAt: clock() });
  return behind;
};

/**
 * The clean-up takes over from an importer after this time. It could start safely at once; waiting saves needless work.
 */
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
 * Before a version comes into force: notes every run that may have to follow it, so that the clean-up can finish if the
 * importer dies.
 */
export const noteBehindRuns = async (
  dependencies: ImportDependencies,
  version: Version,
  today: ServiceDate,
): Promise<void> =>
  atOnce(await findAndNote(dependencies, version, today), (behind) =>
    noteBehind(dependencies, behind, version),
  );

/**
 * Afterwards: makes the runs that nobody has bought or holds follow the version. It finds and notes them again, because
 * orders may have frozen some meanwhile and the clean-up may have tried them before the version was in force.
 */
export const followFrozenRuns = async (
  dependencies: ImportDependencies,
  version: Version,
  today: ServiceDate,
): Promise<FollowedRuns> => {
  const behind = await findAndNote(dependencies, version, today);
  return inLists(behind, async (each) => {
    await noteBehind(dependencies, each, version);
    return followDue(dependencies)(each.run.runId);
  });
};

/** What would happen to the frozen runs if a version that nobody has written came into force. It writes nothing. */
export const foreseeFrozenRuns = async (
  dependencies: ImportDependencies,
  { version, rows }: { version: Version; rows: VersionRows },
  today: ServiceDate,
): Promise<FollowedRuns> => {
  const freshOf = runsInRows(version, rows);
  const { behind } = await findBehind(dependencies.timetable, async (runId) => freshOf(runId), today);
  return inLists(behind, ({ run, fresh }) => foreseeFollowing(dependencies)(run, fresh, version.version));
};

const inLists = async <Behind extends BehindRun>(
  behind: readonly Behind[],
  follow: (each: Behind) => Promise<Followed>,
): Promise<FollowedRuns> => {
  const followed: FollowedRuns = { changedRuns: [], waitingRuns: [], keptRuns: [] };
  await atOnce(behind, async (each) => {
    const list = listOf[await follow(each)];
    const { run, differs } = each;
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

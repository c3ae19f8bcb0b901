import type { ServiceDate } from '../platform/ids.ts';
import { localDateOf, type Clock } from '../platform/time.ts';
import type { Table } from '../platform/dynamo.ts';
import type { Run } from '../timetable/model.ts';
import { readFrozenRunsOf, readRunOfVersion, readState } from '../timetable/store.ts';
import { noteRun } from './due-store.ts';
import { datesToSweep, decideFollowing } from './rules.ts';

type Dependencies = { timetable: Table; bookings: Table; clock: Clock };

/**
 * The second way to find runs that are behind, which relies on nobody's note: all frozen runs of a service date are
 * read, and those that may have to follow, or whose shards a change may have left closed, are noted. An importer may
 * die before it has come to a run; who froze one late may die before the note; a request may arrive after all is over.
 */
export const sweepRuns =
  ({ timetable, bookings, clock }: Dependencies) =>
  async (date: ServiceDate): Promise<number> => {
    const { version } = await readState(timetable);
    if (!version) return 0;
    const now = clock();
    const needsLook = async (run: Run): Promise<boolean> => {
      const fresh = await readRunOfVersion(timetable, version, run.runId);
      const decided = decideFollowing({ run, fresh, version: version.version }, now);
      return decided === 'behind' || (decided !== 'over' && run.changes > 0);
    };
    let noted = 0;
    for (const run of await readFrozenRunsOf(timetable, date)) {
      if (!(await needsLook(run))) continue;
      await noteRun(bookings, run.runId, { dueAt: now, now });
      noted += 1;
    }
    return noted;
  };

/** Every date on sale has its minute of the day, so that each is swept once a day whoever runs when. */
export const sweepInTurn =
  (dependencies: Dependencies) =>
  async (timeZone: string): Promise<number> => {
    const { timetable, clock } = dependencies;
    const { sales } = await readState(timetable);
    if (!sales) return 0;
    const now = clock();
    let noted = 0;
    for (const date of datesToSweep(sales, localDateOf(now, timeZone), now)) {
      noted += await sweepRuns(dependencies)(date);
    }
    return noted;
  };

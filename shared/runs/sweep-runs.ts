import type { ServiceDate } from '../platform/ids.ts';
import { localDateOf, type Clock } from '../platform/time.ts';
import { stoppable, type Table } from '../platform/dynamo.ts';
import { eachInTime, type BatchTime } from '../platform/each-in-time.ts';
import { loggable } from '../platform/log.ts';
import { within } from '../platform/time-limit.ts';
import type { Run } from '../timetable/model.ts';
import { readFrozenRunsOf, readRunOfVersion, readState } from '../timetable/store.ts';
import { noteRun } from './due-store.ts';
import { datesToSweep, decideFollowing } from './rules.ts';

type Dependencies = { timetable: Table; bookings: Table; clock: Clock };

export type Swept = { noted: number; failed: { key: string; why: string }[] };

/**
 * The second way to find runs that are behind, which relies on nobody's note: all frozen runs of a service date are
 * read, and those that may have to follow, or whose shards a change may have left closed, are noted. An importer may
 * die before it has come to a run; who froze one late may die before the note; a request may arrive after all is over.
 * A run that hangs or cannot be read does not keep the others.
 */
export const sweepRuns =
  ({ timetable, bookings, clock }: Dependencies) =>
  async (date: ServiceDate, time: BatchTime): Promise<Swept> => {
    const { version } = await readState(timetable);
    if (!version) return { noted: 0, failed: [] };
    const now = clock();
    let noted = 0;
    const look = async (run: Run, signal: AbortSignal): Promise<void> => {
      const fresh = await readRunOfVersion(stoppable(timetable, signal), version, run.runId);
      const decided = decideFollowing({ run, fresh, version: version.version }, now);
      if (decided !== 'behind' && (decided === 'over' || run.changes === 0)) return;
      await noteRun(stoppable(bookings, signal), run.runId, { dueAt: now, now });
      noted += 1;
    };
    const failed = await eachInTime(await readFrozenRunsOf(timetable, date), time, look);
    return { noted, failed: failed.map(({ thing, why }) => ({ key: thing.runId, why: loggable(why).name })) };
  };

/**
 * Every date on sale has its minute of the day, so that each is swept once a day whoever runs when. One that hangs or
 * cannot be read does not keep the others.
 */
export const sweepInTurn =
  (dependencies: Dependencies) =>
  async (timeZone: string, time: BatchTime): Promise<Swept> => {
    const { timetable, clock } = dependencies;
    const { sales } = await within(time.timeLeft(), (signal) => readState(stoppable(timetable, signal)));
    if (!sales) return { noted: 0, failed: [] };
    const now = clock();
    const swept: Swept[] = [];
    const dates = datesToSweep(sales, localDateOf(now, timeZone), now);
    const ofDates = { ...time, itemMilliseconds: time.timeLeft() };
    const failed = await eachInTime(dates, ofDates, async (date) => {
      swept.push(await sweepRuns(dependencies)(date, time));
    });
    return {
      noted: swept.reduce((sum, { noted }) => sum + noted, 0),
      failed: [
        ...failed.map(({ thing, why }) => ({ key: thing, why: loggable(why).name })),
        ...swept.flatMap((each) => each.failed),
      ],
    };
  };

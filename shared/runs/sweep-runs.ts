import type { ServiceDate } from '../platform/ids.ts';
import { localDateOf, type Clock } from '../platform/time.ts';
import { stoppable, type Table } from '../platform/dynamo.ts';
import { eachInTime, type BatchTime } from '../platform/each-in-time.ts';
import { sweepLimits } from '../platform/limits.ts';
import { loggable } from '../platform/log.ts';
import { within } from '../platform/time-limit.ts';
import type { Run } from '../timetable/model.ts';
import { readFrozenRunsOf, readRunOfVersion, readState } from '../timetable/store.ts';
import { noteRun } from './due-store.ts';
import { datesToSweep, decideFollowing } from './rules.ts';
import { keepSweepPlace, readSweepPlace } from './sweep-place-store.ts';

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
    const { version } = await readState(timetable, { afresh: true });
    if (!version) return { noted: 0, failed: [] };
    const now = clock();
    let noted = 0;
    const look = async (run: Run, signal: AbortSignal): Promise<void> => {
      const fresh = await readRunOfVersion(stoppable(timetable, signal), version, run.runId);
      const decided = decideFollowing({ run, fresh, version: version.version }, now);
      // Once it has left no more is sold, but money that came in time may wait for a shard that was left closed.
      if (decided !== 'behind' && (run.state === 'closed' || run.changes === 0)) return;
      await noteRun(stoppable(bookings, signal), run.runId, { dueAt: now, now });
      noted += 1;
    };
    const { runs, unreadable } = await readFrozenRunsOf(timetable, date);
    const failed = (await eachInTime(runs, time, look)).map(({ thing: { runId }, why }) => ({ runId, why }));
    return {
      noted,
      failed: [...unreadable, ...failed].map(({ runId, why }) => ({ key: runId, why: loggable(why).name })),
    };
  };

/**
 * Every date on sale has its minute of the day, so that each is swept once a day whoever runs when; one whose minute was
 * skipped has its turn in the next call. One that hangs or cannot be read does not keep the others, and is owed: it has
 * its turn again in the next call, as has one for which there was no time.
 */
export const sweepInTurn =
  (dependencies: Dependencies) =>
  async (timeZone: string, time: BatchTime): Promise<Swept> => {
    const { timetable, bookings, clock } = dependencies;
    const now = clock();
    const [{ sales }, place] = await within(time.timeLeft(), (signal) =>
      Promise.all([readState(stoppable(timetable, signal)), readSweepPlace(stoppable(bookings, signal))]),
    );
    const today = localDateOf(now, timeZone);
    const dates = sales
      ? datesToSweep(sales, today, { since: place?.sweptUntil, now, owed: place?.owed ?? [] })
      : [];
    if (dates.length === 0) return { noted: 0, failed: [] };
    const owed = new Set(dates);
    const swept: Swept[] = [];
    const ofDates = { ...time, itemMilliseconds: time.timeLeft() };
    const failed = await eachInTime(dates, ofDates, async (date) => {
      swept.push(await sweepRuns(dependencies)(date, time));
      if (time.timeLeft() > 0) owed.delete(date);
    });
    await within(sweepLimits.bookkeeping, (signal) =>
      keepSweepPlace(stoppable(bookings, signal), { sweptUntil: now, owed: [...owed] }),
    );
    return {
      noted: swept.reduce((sum, { noted }) => sum + noted, 0),
      failed: [
        ...failed.map(({ thing, why }) => ({ key: thing, why: loggable(why).name })),
        ...swept.flatMap((each) => each.failed),
      ],
    };
  };

import type { RunId, ServiceDate } from '../platform/ids.ts';
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
import { putSweepPlace, readSweepPlace } from './sweep-place-store.ts';

type Dependencies = { timetable: Table; bookings: Table; clock: Clock };

export type Swept = { noted: number; failed: { key: string; why: string }[] };

/**
 * The second way to find runs that are behind, which relies on nobody's note: reads all frozen runs of a service date
 * and notes those that may have to follow, or whose shards a change may have left closed. An importer may die before it
 * reaches a run; an order that freezes a run late may die before its note; a request may arrive after everything is
 * over. A run that hangs or is unreadable does not delay the others; the sweep notes an unreadable one as well.
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
      // A run that has left sells nothing more, but money that came in time may wait for a shard that a change left
      // closed.
      if (decided !== 'behind' && (run.state === 'closed' || run.changes === 0)) return;
      await noteRun(stoppable(bookings, signal), run.runId, { dueAt: now, now });
      noted += 1;
    };
    const { runs, unreadable } = await readFrozenRunsOf(timetable, date);
    // The clean-up then fails at it, which brings it to a person.
    const noteUnreadable = ({ runId }: { runId: RunId }, signal: AbortSignal): Promise<void> =>
      noteRun(stoppable(bookings, signal), runId, { dueAt: now, now });
    const failed = [
      ...(await eachInTime(unreadable, time, noteUnreadable)),
      ...(await eachInTime(runs, time, look)),
    ].map(({ thing: { runId }, why }) => ({ runId, why }));
    return {
      noted,
      failed: [...unreadable, ...failed].map(({ runId, why }) => ({ key: runId, why: loggable(why).name })),
    };
  };

/**
 * Every date on sale has its own minute of the day, so that each gets one sweep per day, whichever calls happen; the
 * next call sweeps a date whose minute was skipped. A date that hangs or is unreadable does not delay the others. It
 * goes on the list `owed`, as does a date for which no time was left, and the next call sweeps it again.
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
      putSweepPlace(stoppable(bookings, signal), { sweptUntil: now, owed: [...owed] }),
    );
    return {
      noted: swept.reduce((sum, { noted }) => sum + noted, 0),
      failed: [
        ...failed.map(({ thing, why }) => ({ key: thing, why: loggable(why).name })),
        ...swept.flatMap((each) => each.failed),
      ],
    };
  };

import { countAvailability } from '../inventory/count-availability.ts';
import type { OwnedPiece } from '../inventory/changed-shards.ts';
import type { ShardKey } from '../inventory/model.ts';
import type { ShardState } from '../inventory/pieces.ts';
import { shardsOfRun } from '../inventory/shards.ts';
import { readShards } from '../inventory/store.ts';
import { putScanPlace, readScanPlace, type ScanPlace } from '../bookings/scan-place-store.ts';
import { stoppable, type Table } from '../platform/dynamo.ts';
import type { RunId, ServiceDate } from '../platform/ids.ts';
import { sweepLimits } from '../platform/limits.ts';
import { loggable, logger } from '../platform/log.ts';
import { within } from '../platform/time-limit.ts';
import { localDateOf, plusDays, plusSeconds, type Instant } from '../platform/time.ts';
import type { Run } from '../timetable/model.ts';
import { lastServiceDateSold } from '../timetable/sale-rules.ts';
import { readFrozenRunsOf, readSales } from '../timetable/store.ts';
import { countingWith } from '../selling/may-come-free.ts';
import {
  freeOrphansOf,
  judgedFrom,
  noOrphans,
  type OrphanDependencies,
  type OrphansFound,
} from './free-orphan.ts';

type Dependencies = OrphanDependencies & { timetable: Table; availability: Table };

export type OrphanReport = OrphansFound & {
  /** The number of runs that were searched and counted anew. */
  runs: number;
  /** Whether the sweep is over; otherwise the next call continues it. */
  done: boolean;
};

const sweepName = 'free-orphans';
const sweepSecondsUsually = 86_400;

/** Long after a run has left, nobody asks for its seats any more. */
const pastDays = 3;

/** How far ahead to look for runs if nothing is on sale. */
const aheadDays = 60;

/**
 * The second, slow way to find orphaned seats and wrong views: searches each current run once a day and counts it anew,
 * whatever the streams brought or lost. For suspects from the stream, the clean-up judges within minutes. If a sweep is
 * too long for one call, the next call continues it; several at once do no harm.
 */
export const freeOrphans =
  (dependencies: Dependencies) =>
  async ({
    hasTime,
    sweepEverySeconds = sweepSecondsUsually,
    runMilliseconds = sweepLimits.item,
  }: {
    hasTime: () => boolean;
    sweepEverySeconds?: number;
    runMilliseconds?: number;
  }): Promise<OrphanReport> => {
    const { bookings, timetable, clock } = dependencies;
    const report: OrphanReport = { ...noOrphans(), runs: 0, done: false };
    const now = clock();
    const place = startingPlace(await readScanPlace(bookings, sweepName), now, sweepEverySeconds);
    if (!place) return { ...report, done: true };
    const sales = await readSales(timetable);
    const today = localDateOf(now, 'UTC');
    const last = plusDays(sales ? lastServiceDateSold(sales) : plusDays(today, aheadDays), 1);
    for (let date = plusDays(today, -pastDays); date <= last; date = plusDays(date, 1)) {
      const leftAt = await sweepDate(dependencies, date, { place, hasTime, runMilliseconds, report });
      if (leftAt === undefined) continue;
      await putScanPlace(bookings, sweepName, { startedAt: place.startedAt, after: leftAt });
      return report;
    }
    await putScanPlace(bookings, sweepName, { startedAt: place.startedAt });
    return { ...report, done: true };
  };

/**
 * Where to continue or begin; undefined while the last sweep is young. A place from the future comes from a wrong
 * clock.
 */
const startingPlace = (
  last: ScanPlace | undefined,
  now: Instant,
  everySeconds: number,
): ScanPlace | undefined => {
  if (last?.after !== undefined) return last;
  const isYoung = last && last.startedAt <= now && plusSeconds(last.startedAt, everySeconds) > now;
  return isYoung ? undefined : { startedAt: now };
};

/** The place where time ran out; undefined after all runs of the date. */
const sweepDate = async (
  dependencies: Dependencies,
  date: ServiceDate,
  {
    place,
    hasTime,
    runMilliseconds,
    report,
  }: { place: ScanPlace; hasTime: () => boolean; runMilliseconds: number; report: OrphanReport },
): Promise<string | undefined> => {
  if (place.after !== undefined && date < place.after.slice(0, date.length)) return undefined;
  let behind = place.after !== undefined && place.after > date ? place.after : date;
  const { runs, unreadable } = await readFrozenRunsOf(dependencies.timetable, date);
  for (const { runId, why } of unreadable) reportRun(report, runId, why);
  for (const run of runs) {
    const at = `${date} ${run.runId}`;
    if (place.after !== undefined && at <= place.after) continue;
    if (!hasTime()) return behind;
    await sweepRunReporting(dependencies, run, { runMilliseconds, report });
    behind = at;
  }
  return undefined;
};

/** Abandons a run that hangs after its time limit; its work then writes nothing more. */
const sweepRunReporting = async (
  dependencies: Dependencies,
  run: Run,
  { runMilliseconds, report }: { runMilliseconds: number; report: OrphanReport },
): Promise<void> => {
  try {
    await within(runMilliseconds, (signal) =>
      sweepRun(
        {
          ...dependencies,
          bookings: stoppable(dependencies.bookings, signal),
          inventory: stoppable(dependencies.inventory, signal),
          availability: stoppable(dependencies.availability, signal),
        },
        run,
        report,
      ),
    );
  } catch (error) {
    reportRun(report, run.runId, error);
  }
};

const reportRun = (report: OrphanReport, runId: RunId, error: unknown): void => {
  logger.error('a run could not be searched', { runId, thrown: loggable(error) });
  report.failed.push({ key: runId, why: loggable(error).name });
};

const sweepRun = async (dependencies: Dependencies, run: Run, report: OrphanReport): Promise<void> => {
  const keys = shardsOfRun(run).map(({ key }) => key);
  const states = await readShards(dependencies.inventory, keys, { consistent: false });
  if (states.every((state) => state === undefined)) return;
  const now = dependencies.clock();
  const owned = keys.flatMap((key, index) => ownedPieces(key, states[index]));
  await freeOrphansOf(
    dependencies,
    owned.filter((piece) => judgedFrom(piece) <= now),
    report,
  );
  await countAvailability(countingWith(dependencies))(run);
  report.runs += 1;
};

const ownedPieces = (shard: ShardKey, state: ShardState | undefined): OwnedPiece[] =>
  [...(state?.pieces.values() ?? [])].flatMap(({ owner, ...piece }) =>
    owner === 'free' ? [] : [{ shard, piece, owner }],
  );

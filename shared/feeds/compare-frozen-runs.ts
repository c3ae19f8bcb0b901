import type { Table } from '../platform/dynamo.ts';
import type { RunId, ServiceDate } from '../platform/ids.ts';
import { plusDays } from '../platform/time.ts';
import type { Run, Version } from '../timetable/model.ts';
import { readFrozenRunsOf, readRunOfVersion, readSales } from '../timetable/store.ts';

/** A run that orders have touched and that the new version has otherwise. It stays as it was sold. */
export type KeptRun = { runId: RunId; trip: string; differs: 'gone' | 'times' | 'layout' };

const timesOf = ({ stops }: Run): string =>
  JSON.stringify(stops.map(({ stopId, arrives, departs }) => [stopId, arrives, departs]));

const differenceOf = (frozen: Run, fresh: Run | undefined): KeptRun['differs'] | undefined => {
  if (!fresh) return 'gone';
  if (timesOf(frozen) !== timesOf(fresh)) return 'times';
  return JSON.stringify(frozen.layout) === JSON.stringify(fresh.layout) ? undefined : 'layout';
};

/** One query a date: a year of sales is some twenty rounds. */
const datesAtOnce = 16;

/**
 * The frozen runs, from two days ago to the end of sales, that a new version would change. Nothing is touched: an
 * operator who changes a run with sold seats has passengers to tell. The version's rows must be written already.
 */
export const compareFrozenRuns = async (
  timetable: Table,
  version: Version,
  today: ServiceDate,
): Promise<KeptRun[]> => {
  const sales = await readSales(timetable);
  const kept: KeptRun[] = [];
  if (!sales) return kept;
  let dates: ServiceDate[] = [];
  const compareDates = async (): Promise<void> => {
    const frozen = (await Promise.all(dates.map((date) => readFrozenRunsOf(timetable, date)))).flat();
    for (const run of frozen) {
      const differs = differenceOf(run, await readRunOfVersion(timetable, version, run.runId));
      if (differs) kept.push({ runId: run.runId, trip: run.trip, differs });
    }
    dates = [];
  };
  for (let date = plusDays(today, -2); date <= sales.until; date = plusDays(date, 1)) {
    dates.push(date);
    if (dates.length === datesAtOnce) await compareDates();
  }
  await compareDates();
  return kept;
};

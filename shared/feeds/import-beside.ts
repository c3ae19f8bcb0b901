import type { Carrier } from '../platform/carrier.ts';
import type { Table } from '../platform/dynamo.ts';
import { newUlid } from '../platform/random.ts';
import { plusDays, type Clock } from '../platform/time.ts';
import { besideOf } from '../platform/version-id.ts';
import type { Run } from '../timetable/model.ts';
import { runsOn } from '../timetable/rules.ts';
import { runIdOf } from '../timetable/run-id.ts';
import { runsInRows } from '../timetable/runs-in-rows.ts';
import { freezeRun } from '../timetable/store.ts';
import type { ImportOptions } from './import-report.ts';
import { writeRows } from './import-timetable.ts';
import { prepareImport, type Prepared } from './prepare-import.ts';
import { problemLines, problemList } from './problems.ts';
import type { LayoutsFile } from './read-layouts.ts';

type Deps = { timetable: Table; now: Clock; carrier: Carrier; carrierLayouts: LayoutsFile };

/**
 * Imports a small feed beside the timetable in force: it reads, checks and writes it as every import does, but the version
 * never comes into force, and each run is frozen at once. Search finds none of its stops and runs; whoever knows the id of
 * a run can buy it while its date is on sale. The rows end by their time to live. Refuses a feed with any fault: `why` has a
 * line for each.
 */
export const importBeside =
  ({ timetable, now, carrier, carrierLayouts }: Deps) =>
  async (
    source: string,
    options: ImportOptions,
  ): Promise<{ outcome: 'imported'; runs: Run[] } | { outcome: 'refused'; why: string[] }> => {
    const problems = problemList();
    const version = besideOf(newUlid(now()));
    const wish = { source, options: { ...options, strict: true }, onRows: () => undefined, problems };
    const prepared = await prepareImport(
      { now, carrier, carrierLayouts },
      { ...wish, inForce: undefined, version },
    );
    if (!prepared) return { outcome: 'refused', why: problemLines(problems.byKind('refusal')) };
    await writeRows(timetable, prepared, () => undefined);
    const runs = await Promise.all(runsOf(prepared).map((run) => freezeRun(timetable, run)));
    return { outcome: 'imported', runs };
  };

const runsOf = ({ version, rows }: Prepared): Run[] => {
  const runOf = runsInRows(version, rows);
  const runs: Run[] = [];
  for (const { tripId, startTime, days } of rows.trips)
    for (let date = version.firstDate; date <= version.lastDate; date = plusDays(date, 1)) {
      const run = runsOn(days, version, date) ? runOf(runIdOf(tripId, date, startTime)) : undefined;
      if (run) runs.push(run);
    }
  return runs;
};

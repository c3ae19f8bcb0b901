import { InvalidArgumentError, Option, type Command } from 'commander';
import {
  importTimetable,
  type ImportOptions,
  type ImportReport,
  type ImportResult,
} from '../../shared/feeds/import-timetable.ts';
import { countOf, problemLines, type ProblemsOfKind } from '../../shared/feeds/problems.ts';
import { soundCarrier } from '../../shared/carriers/read-carrier.ts';
import { required } from '../../shared/platform/config.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import type { Tables } from '../connect.ts';
import { importProgress } from '../progress.ts';
import { print, printable, printJson, withTables } from '../run-command.ts';

type Flags = Omit<ImportOptions, 'farePerKm'> & { farePerKm?: number; json?: boolean };

const counts = new Intl.NumberFormat('en');

/** Ten thousand yuan a kilometre: more is a typing error, and far more would not be a valid amount. */
const rateMax = 1_000_000;

const numberUpTo =
  (max: number, least: 'above 0' | 'from 0') =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+(?:\.\d+)?$/.test(text) || value > max || (least === 'above 0' && value === 0)) {
      throw new InvalidArgumentError(`must be a number ${least}, at most ${max}`);
    }
    return value;
  };

export const register = (program: Command): void => {
  program
    .command('timetable')
    .description('the timetable in force')
    .command('import')
    .description('import a GTFS feed as the new timetable, all or nothing')
    .argument('<feed>', 'a GTFS zip or folder')
    .option('--move-dates', 'move all dates by whole weeks until the last is at least 60 days ahead')
    .option('--layouts <file>', 'the seats of the trips (layouts.json)')
    .option('--fares <file>', 'adult fares by trip, stops and class (fares.csv)')
    .option(
      '--fare-per-km <minorUnits>',
      'a fare by distance for pairs of stops without a fare',
      numberUpTo(rateMax, 'above 0'),
    )
    .option(
      '--tolerate <percent>',
      'import the feed if at most this share of its trips is left out (1)',
      numberUpTo(100, 'from 0'),
    )
    .addOption(
      new Option('--strict', 'refuse the feed if any part of it would be left out').conflicts('tolerate'),
    )
    .option('--json', 'print the report as JSON')
    .action((feed: string, flags: Flags) => withTables(({ tables }) => run(tables, feed, flags)));
};

const run = async (tables: Tables, source: string, { json, ...options }: Flags): Promise<void> => {
  const progress = importProgress();
  const { carrier, layouts: carrierLayouts } = soundCarrier(required('KEYUN_CARRIER'));
  const importFeed = importTimetable({ ...tables, now: systemClock(), carrier, carrierLayouts });
  const result = await importFeed({ source, options, onProgress: progress.show }).finally(progress.end);
  if (json) printJson(result);
  else if (result.outcome === 'imported') printReport(result.report, options.farePerKm !== undefined);
  if (result.outcome === 'refused') fail(source, result, !json);
};

/** The last line gives the reason; the lines before it list everything that the operator can correct. */
const fail = (
  source: string,
  { refusals, leftOut }: Extract<ImportResult, { outcome: 'refused' }>,
  listed: boolean,
): void => {
  process.exitCode = 1;
  const told = (what: string): void => {
    const line = `keyun: ${source} was not imported: ${what}; the timetable has not changed`;
    process.stderr.write(`${printable(line)}\n`);
  };
  if (listed) writeLines(leftOut);
  const [only] = problemLines(refusals);
  if (only !== undefined && countOf(refusals) === 1) return told(only);
  if (listed) writeLines(refusals);
  return told(`${counts.format(countOf(refusals))} problems`);
};

const writeLines = (kinds: readonly ProblemsOfKind[]): void => {
  for (const line of problemLines(kinds)) process.stderr.write(`${printable(line)}\n`);
};

const printReport = (report: ImportReport, hasRate: boolean): void => {
  const { source, movedWeeks } = report;
  print(`Imported ${source} as version ${report.version}`);
  for (const [name, count] of amountsOf(report)) print(`  ${counts.format(count).padStart(9)} ${name}`);
  const moved = movedWeeks > 0 ? `, moved by ${movedWeeks} weeks` : '';
  print(`Service from ${report.firstDate} to ${report.lastDate} (${report.timeZone}${moved})`);
  if (report.farePairs === 0 && !hasRate)
    print('warning: no fares, so no seat can be sold: use --fares or --fare-per-km');
  for (const line of problemLines(report.leftOut)) print(line);
  for (const line of problemLines(report.warnings)) print(`warning: ${line}`);
  printTouched(report);
};

/** What an import has; what it lacks only where it lacks it. */
const amountsOf = (report: ImportReport): [string, number][] => {
  const { stops, trips, calls, layouts, farePairs, feedTrips } = report;
  const lacking: [string, number][] = [
    [`of ${counts.format(feedTrips)} trips of the feed left out`, report.tripsLeftOut],
    ['trips on demand, not sold', report.tripsOnDemand],
    ['trips without a layout, which are not on sale', report.tripsWithoutLayout],
    ['pairs of stops without a fare', report.pairsWithoutFare],
  ];
  return [
    ['stops', stops],
    ['trips', trips],
    ['calls', calls],
    ['layouts', layouts],
    ['pairs of stops with fares', farePairs],
    ...lacking.filter(([, count]) => count > 0),
  ];
};

/** What happened to runs that have orders and differ in the new timetable. */
const printTouched = ({ changedRuns, waitingRuns, keptRuns }: ImportReport): void => {
  const told = [
    ['without a paid order follow the new timetable', changedRuns],
    ['with held seats follow if those holds end unpaid', waitingRuns],
    ['with paid seats stay as they were sold', keptRuns],
  ] as const;
  for (const [what, runs] of told) {
    if (runs.length > 0) print(`${runs.length} ${runs.length === 1 ? 'run' : 'runs'} ${what}:`);
    for (const { runId, trip, differs } of runs) print(`  ${trip}\t${runId}\t${differs}`);
  }
};

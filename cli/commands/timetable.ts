import { InvalidArgumentError, type Command } from 'commander';
import {
  importTimetable,
  type ImportReport,
  type ImportResult,
} from '../../shared/feeds/import-timetable.ts';
import { problemText } from '../../shared/feeds/problems.ts';
import { carrier } from '../../shared/platform/carrier.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import type { Tables } from '../connect.ts';
import { importProgress } from '../progress.ts';
import { print, printJson, withTables } from '../run-command.ts';

type Flags = { moveDates?: boolean; layouts?: string; fares?: string; farePerKm?: number; json?: boolean };

const counts = new Intl.NumberFormat('en');

/** Ten thousand yuan a kilometre: more is a slip, and far more would be no amount of money at all. */
const rateMax = 1_000_000;

const rate = (text: string): number => {
  const value = Number(text);
  if (!/^\d+(?:\.\d+)?$/.test(text) || value <= 0 || value > rateMax) {
    throw new InvalidArgumentError(`a number above 0, at most ${rateMax}`);
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
    .option('--fare-per-km <minorUnits>', 'a fare by distance for pairs of stops without a fare', rate)
    .option('--json', 'print the report as JSON')
    .action((feed: string, flags: Flags) => withTables(({ tables }) => run(tables, feed, flags)));
};

const run = async (tables: Tables, source: string, { json, ...options }: Flags): Promise<void> => {
  const progress = importProgress();
  const importFeed = importTimetable({ ...tables, now: systemClock(), carrier: carrier() });
  const result = await importFeed({ source, options, onProgress: progress.show }).finally(progress.end);
  if (json) printJson(result);
  else if (result.outcome === 'imported') printReport(result.report, options.farePerKm !== undefined);
  if (result.outcome === 'refused') fail(source, result, !json);
};

const fail = (
  source: string,
  { problems, problemCount }: Extract<ImportResult, { outcome: 'refused' }>,
  listed: boolean,
): void => {
  process.exitCode = 1;
  const told = (what: string): void => {
    process.stderr.write(`keyun: ${source} was not imported: ${what}; the timetable has not changed\n`);
  };
  const [only] = problems;
  if (only && problemCount === 1) return told(problemText(only));
  const lines = listed ? problems.map((problem) => `${problemText(problem)}\n`) : [];
  if (listed && problemCount > problems.length) lines.push(`… and ${problemCount - problems.length} more\n`);
  process.stderr.write(lines.join(''));
  return told(`${counts.format(problemCount)} problems`);
};

const printReport = (report: ImportReport, hasRate: boolean): void => {
  const { source, stops, trips, calls, farePairs, layouts, movedWeeks } = report;
  const amounts = { stops, trips, calls, layouts, 'pairs of stops with fares': farePairs };
  print(`Imported ${source} as version ${report.version}`);
  for (const [name, count] of Object.entries(amounts)) print(`  ${counts.format(count).padStart(9)} ${name}`);
  const moved = movedWeeks > 0 ? `, moved by ${movedWeeks} weeks` : '';
  print(`Service from ${report.firstDate} to ${report.lastDate} (${report.timeZone}${moved})`);
  if (farePairs === 0 && !hasRate)
    print('warning: no fares, so no seat can be sold: use --fares or --fare-per-km');
  for (const warning of report.warnings) print(`warning: ${problemText(warning)}`);
  if (report.warningCount > report.warnings.length) {
    print(`warning: … and ${report.warningCount - report.warnings.length} more`);
  }
  printTouched(report);
};

/** What became of runs that orders had touched before, and that the new timetable has otherwise. */
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

import type { DryRunReport, ImportReport } from '../shared/feeds/import-report.ts';
import type { FollowedRuns, TouchedRun } from '../shared/feeds/follow-frozen-runs.ts';
import { problemLines } from '../shared/feeds/problems.ts';
import { print } from './run-command.ts';

const counts = new Intl.NumberFormat('en');

/** Prints what an import did. `hasRate`: fares come from the distance. */
export const printImported = (report: ImportReport, hasRate: boolean): void => {
  print(`Imported ${report.source} as version ${report.version}`);
  printReport(report, hasRate);
  printFollowed(report);
};

/** Prints what an import would do. */
export const printForeseen = (report: DryRunReport, hasRate: boolean): void => {
  print(`Would import ${report.source}; nothing is written`);
  printReport(report, hasRate);
  printTouched(report, {
    changedRuns: 'Runs without a paid order would follow the new timetable',
    goneRuns: 'Runs with orders would go off sale, because the new timetable does not have them',
    waitingRuns: 'Runs with held seats would follow if those holds end unpaid',
    keptRuns: 'Runs with paid seats would stay as they were sold',
  });
};

/** Prints what happened to runs that have orders and differ in the timetable that came into force. */
export const printFollowed = (runs: FollowedRuns): void =>
  printTouched(runs, {
    changedRuns: 'Runs without a paid order follow the timetable',
    goneRuns: 'Runs with orders are off sale, because the timetable does not have them',
    waitingRuns: 'Runs with held seats follow if those holds end unpaid',
    keptRuns: 'Runs with paid seats stay as they were sold',
  });

const printReport = (report: DryRunReport, hasRate: boolean): void => {
  const { movedWeeks } = report;
  for (const [name, count] of amountsOf(report)) print(`  ${counts.format(count).padStart(9)} ${name}`);
  const moved = movedWeeks > 0 ? `, moved by ${movedWeeks} weeks` : '';
  print(`Service from ${report.firstDate} to ${report.lastDate} (${report.timeZone}${moved})`);
  if (report.farePairs === 0 && !hasRate)
    print('warning: no fares, so no seat can be sold: use --fares or --fare-per-km');
  for (const line of problemLines(report.leftOut)) print(line);
  for (const line of problemLines(report.warnings)) print(`warning: ${line}`);
};

/** What an import has; what it lacks only where it lacks it. */
const amountsOf = (report: DryRunReport): [string, number][] => {
  const { stops, trips, calls, layouts, farePairs, feedTrips } = report;
  const lacking: [string, number][] = [
    [`of ${counts.format(feedTrips)} trips of the feed left out`, report.tripsLeftOut],
    ['trips on demand, not sold', report.tripsOnDemand],
    ['trips without a layout, which are not on sale', report.tripsWithoutLayout],
    ['pairs of stops without a fare', report.pairsWithoutFare],
  ];
  return [
    [stops === 1 ? 'stop' : 'stops', stops],
    [trips === 1 ? 'trip' : 'trips', trips],
    ['calls', calls],
    [layouts === 1 ? 'layout' : 'layouts', layouts],
    [`${farePairs === 1 ? 'pair' : 'pairs'} of stops with fares`, farePairs],
    ...lacking.filter(([, count]) => count > 0),
  ];
};

const printTouched = (
  { changedRuns, waitingRuns, keptRuns }: FollowedRuns,
  texts: Readonly<Record<keyof FollowedRuns | 'goneRuns', string>>,
): void => {
  const isGone = ({ differs }: TouchedRun): boolean => differs === 'gone';
  // A run that is sold and gone is in two lists: its passengers keep their seats, and nobody else can buy one.
  const goneRuns = [...changedRuns, ...waitingRuns, ...keptRuns].filter(isGone);
  const told = [
    [texts.changedRuns, changedRuns.filter((run) => !isGone(run))],
    [texts.goneRuns, goneRuns],
    [texts.waitingRuns, waitingRuns.filter((run) => !isGone(run))],
    [texts.keptRuns, keptRuns],
  ] as const;
  for (const [what, runs] of told) {
    if (runs.length > 0) print(`${what} (${counts.format(runs.length)}):`);
    for (const { runId, trip, differs } of runs) print(`  ${trip}\t${runId}\t${differs}`);
  }
};

import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Doubt } from '../../shared/feeds/find-doubts.ts';
import type { ImportOptions } from '../../shared/feeds/import-report.ts';
import { foreseeImport, importTimetable, type ImportResult } from '../../shared/feeds/import-timetable.ts';
import { countOf, problemLines, type ProblemsOfKind } from '../../shared/feeds/problems.ts';
import { rollBack, type RollbackRefusal } from '../../shared/feeds/roll-back.ts';
import { soundCarrier } from '../../shared/carriers/read-carrier.ts';
import { required } from '../../shared/platform/config.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { listVersions, readKeptVersions } from '../../shared/timetable/kept-versions-store.ts';
import { readState } from '../../shared/timetable/store.ts';
import { confirmDoubts } from '../confirm-doubts.ts';
import { CommandFailure, type Tables } from '../connect.ts';
import { printFollowed, printForeseen, printImported } from '../print-import.ts';
import { importProgress } from '../progress.ts';
import { print, printable, printJson, withTables } from '../run-command.ts';

type Flags = ImportOptions & { json?: boolean; yes?: boolean; dryRun?: boolean };
type RollbackFlags = { json?: boolean; yes?: boolean };

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

const registerImport = (timetable: Command): void => {
  timetable
    .command('import')
    .description('import a GTFS feed as the new timetable, all or nothing')
    .argument('<feed>', 'a GTFS zip or folder')
    .option('--dry-run', 'say what an import would do, and write nothing')
    .option('--yes', 'import even what looks like a mistake, without a question')
    .option('--move-dates', 'move all dates by whole weeks until the last is at least 60 days ahead')
    .option('--layouts <file>', 'the seats of the trips (layouts.json)')
    .option('--fares <file>', 'adult fares by trip, stops and class (fares.csv)')
    .option(
      '--fare-per-km <minorUnits>',
      'a fare by distance for pairs of stops without a fare',
      numberUpTo(rateMax, 'above 0'),
    )
    .option('--allow-free', 'take fares of 0: such rides are listed and not sold')
    .option(
      '--tolerate <percent>',
      'import the feed if at most this share of its trips is left out (1)',
      numberUpTo(100, 'from 0'),
    )
    .addOption(
      new Option('--strict', 'refuse the feed if any part of it would be left out').conflicts('tolerate'),
    )
    .option('--json', 'print the report as JSON')
    .action((feed: string, flags: Flags) => withTables(({ tables }) => runImport(tables, feed, flags)));
};

export const register = (program: Command): void => {
  const timetable = program.command('timetable').description('the timetable in force, and earlier ones');
  registerImport(timetable);
  timetable
    .command('list')
    .description('list the timetables that can be in force, the newest first')
    .option('--json', 'print the list as JSON')
    .action((flags: { json?: boolean }) => withTables(({ tables }) => runList(tables, flags)));
  timetable
    .command('rollback')
    .description('put an earlier timetable in force again; nothing that is sold changes')
    .argument('<version>', 'the version, as keyun timetable list shows it')
    .option('--yes', 'do so even if it looks like a mistake, without a question')
    .option('--json', 'print the result as JSON')
    .action((version: string, flags: RollbackFlags) =>
      withTables(({ tables }) => runRollback(tables, version, flags)),
    );
};

const runImport = async (
  tables: Tables,
  source: string,
  { json = false, yes = false, dryRun = false, ...options }: Flags,
): Promise<void> => {
  const progress = importProgress();
  const { carrier, layouts: carrierLayouts } = soundCarrier(required('KEYUN_CARRIER'));
  const deps = { ...tables, now: systemClock(), carrier, carrierLayouts };
  const request = { source, options, onProgress: progress.show };
  const confirm = (doubts: readonly Doubt[]): Promise<boolean> => {
    progress.end();
    return confirmDoubts(doubts, yes);
  };
  const importFeed = () => importTimetable(deps)({ ...request, confirm });
  const result = await (dryRun ? foreseeImport(deps)(request) : importFeed()).finally(progress.end);
  const hasRate = options.farePerKm !== undefined;
  if (json) printJson(result);
  else if (result.outcome === 'imported') printImported(result.report, hasRate);
  else if (result.outcome === 'would-import') {
    printForeseen(result.report, hasRate);
    for (const { reason } of result.doubts) print(`would ask for --yes: ${reason}`);
  }
  if (result.outcome === 'refused') fail(source, result, !json);
};

const runList = async ({ timetable }: Tables, { json }: { json?: boolean }): Promise<void> => {
  const { version } = await readState(timetable);
  const versions = listVersions(await readKeptVersions(timetable, systemClock()()), version);
  if (json) return printJson({ versions });
  if (versions.length === 0) print('There is no timetable yet: run keyun timetable import');
  for (const { version: id, importedAt, firstDate, lastDate, trips, source, inForce } of versions) {
    const served = `service ${firstDate} to ${lastDate}`;
    const from = source === undefined ? '' : `, from ${source}`;
    const now = inForce ? ', in force' : '';
    print(`${id}  imported ${importedAt}, ${served}, ${counts.format(trips)} trips${from}${now}`);
  }
  return undefined;
};

const refusals: Readonly<Record<Exclude<RollbackRefusal, 'needs-yes'>, string>> = {
  'unknown-version':
    'no timetable has that version: keyun timetable list shows those that can come into force',
  'in-force-already': 'that version is in force already',
  'newer-in-force':
    'an import or another rollback has put another timetable in force meanwhile: look at keyun timetable list',
};

const runRollback = async (
  tables: Tables,
  wanted: string,
  { json = false, yes = false }: RollbackFlags,
): Promise<void> => {
  let told: readonly Doubt[] = [];
  const confirm = (doubts: readonly Doubt[]): Promise<boolean> => {
    told = doubts;
    return confirmDoubts(doubts, yes);
  };
  const result = await rollBack({ ...tables, clock: systemClock() })({ wanted, confirm });
  if (json) printJson({ ...result, ...(told.length > 0 && { doubts: told }) });
  if (result.outcome === 'rejected') {
    const why =
      result.reason === 'needs-yes'
        ? `${told.map(({ reason }) => reason).join('; ')}; use --yes if that is right`
        : refusals[result.reason];
    throw new CommandFailure(`${wanted} did not come into force: ${why}`);
  }
  if (json) return;
  print(
    `Version ${result.version} is in force again: service from ${result.firstDate} to ${result.lastDate}`,
  );
  printFollowed(result);
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

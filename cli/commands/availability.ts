import { InvalidArgumentError, type Command } from 'commander';
import { countAvailability } from '../../shared/inventory/count-availability.ts';
import { seatsLeft } from '../../shared/inventory/rules.ts';
import { classesOf } from '../../shared/inventory/shards.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { runIdSchema, serviceDateSchema, type RunId, type ServiceDate } from '../../shared/platform/ids.ts';
import { countingWith } from '../../shared/selling/may-come-free.ts';
import { readFrozenRun, readFrozenRunsOf, type FrozenRuns } from '../../shared/timetable/store.ts';
import { CommandFailure, type Tables } from '../connect.ts';
import { print, printJson, withTables } from '../run-command.ts';

type Flags = { date?: ServiceDate; json?: boolean };

const runIdOf = (text: string, before: RunId[] = []): RunId[] => {
  const parsed = runIdSchema.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError('must be a run such as G1~2026-12-01');
  return [...before, parsed.data];
};

const dateOf = (text: string): ServiceDate => {
  const parsed = serviceDateSchema.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError('must be a day such as 2026-12-01');
  return parsed.data;
};

export const register = (program: Command): void => {
  program
    .command('availability')
    .description('the counts of free seats')
    .command('recount')
    .description('recount the free seats of runs from their shards; safe at any time')
    .argument('[runIds...]', 'the runs to count', runIdOf)
    .option('--date <date>', 'all runs of a service date that have had an order', dateOf)
    .option('--json', 'print the counts as JSON')
    .action((runIds: RunId[] | undefined, flags: Flags) =>
      withTables(({ tables }) => recount(tables, runIds ?? [], flags)),
    );
};

/** The free seats from the first stop to the last, by class: enough to show the result of a count. */
type Recounted = { runId: RunId; asOf: string; free: Record<string, number> };

const recount = async (tables: Tables, runIds: readonly RunId[], flags: Flags): Promise<void> => {
  const { runs, unreadable } = await runsToCount(tables, runIds, flags);
  const count = countAvailability(countingWith({ ...tables, clock: systemClock() }));
  const counted: Recounted[] = [];
  for (const run of runs) {
    const view = await count(run);
    if (!view) throw new CommandFailure(`the run ${run.runId} changed during the count: try again`);
    const whole = { from: 0, to: run.stops.length - 1 };
    const free = classesOf(run.layout).map(
      (cls) => [cls, seatsLeft(view, run.layout, cls, run.stops.length, whole)] as const,
    );
    counted.push({ runId: run.runId, asOf: view.asOf, free: Object.fromEntries(free) });
  }
  if (flags.json) printJson(counted);
  else printCounted(counted);
  if (unreadable.length > 0)
    throw new CommandFailure(`could not read these runs: ${unreadable.map(({ runId }) => runId).join(', ')}`);
};

const printCounted = (counted: readonly Recounted[]): void => {
  for (const { runId, free } of counted) {
    const told = Object.entries(free).map(([cls, seats]) => `${seats} ${cls}`);
    print(`${runId}  free from first to last stop: ${told.join(', ')}`);
  }
};

const runsToCount = async (
  { timetable }: Tables,
  runIds: readonly RunId[],
  { date }: Flags,
): Promise<FrozenRuns> => {
  if (runIds.length === 0 && !date) throw new CommandFailure('name the runs, or use --date <date>');
  const ofDate = date ? await readFrozenRunsOf(timetable, date) : { runs: [], unreadable: [] };
  const named = await Promise.all(
    runIds.map(async (runId) => {
      const run = await readFrozenRun(timetable, runId, { consistent: true });
      // All its seats are free, and it needs no view.
      if (!run) throw new CommandFailure(`the run ${runId} has never had an order`);
      return run;
    }),
  );
  return { ...ofDate, runs: [...ofDate.runs, ...named] };
};

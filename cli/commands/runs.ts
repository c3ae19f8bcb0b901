import { InvalidArgumentError, type Command } from 'commander';
import type { Disruption } from '../../shared/disruption/model.ts';
import { runIdSchema, stopIdSchema, type RunId } from '../../shared/platform/ids.ts';
import { closeRun } from '../../shared/runs/close-run.ts';
import { announceDisruption, showJob } from '../announce-disruption.ts';
import { CommandFailure } from '../connect.ts';
import { print, withTables } from '../run-command.ts';

type CancelFlags = { stop?: string; delay?: number; wait: boolean; json?: boolean };

export const register = (program: Command): void => {
  const runs = program.command('runs').description('runs: a trip on a date');
  runs
    .command('close')
    .description('stop the sale of a run; paid orders without tickets get a refund, tickets stay valid')
    .argument('<runId>', 'such as G5~2026-12-01')
    .action((text: string) =>
      withTables(async ({ tables }) => {
        const closed = await closeRun(tables, runIdOf(text));
        if (closed.outcome !== 'accepted') throw new CommandFailure(`no run has the id ${text}`);
        const { run } = closed;
        print(`${run.trip} of ${run.serviceDate} is closed: no more seats are sold`);
      }),
    );
  runs
    .command('cancel')
    .description(
      'cancel a run, or one stop of it, or say how late it is: its passengers may go without a fee',
    )
    .argument('<runId>', 'such as G5~2026-12-01')
    .option('--stop <stopId>', 'it does not call at this stop; everybody else travels')
    .option('--delay <minutes>', 'it leaves this much later; tickets stay valid', minutesOf)
    .option('--no-wait', 'announce it alone; the clean-up does the rest')
    .option('--json', 'print the job as JSON')
    .action((text: string, flags: CancelFlags) =>
      withTables(({ tables }) => announceDisruption(tables, runIdOf(text), disruptionOf(flags), flags)),
    );
  runs
    .command('job')
    .description('show how far the job of a cancelled run, stop or delay has come')
    .argument('<jobId>', 'such as G5~2026-12-01~cancelled')
    .option('--json', 'print it as JSON')
    .action((text: string, { json }: { json?: boolean }) =>
      withTables(({ tables }) => showJob(tables, text, json === true)),
    );
};

const runIdOf = (text: string): RunId => {
  const runId = runIdSchema.safeParse(text).data;
  if (!runId) throw new CommandFailure(`no run has the id ${text}`);
  return runId;
};

const minutesOf = (text: string): number => {
  const minutes = Number(text);
  if (Number.isInteger(minutes) && minutes > 0 && minutes < 10_000) return minutes;
  throw new InvalidArgumentError('it is a whole number of minutes from 1 to 9999');
};

const disruptionOf = ({ stop, delay }: CancelFlags): Disruption => {
  if (stop !== undefined && delay !== undefined)
    throw new CommandFailure('--stop and --delay are two announcements: make one after the other');
  if (delay !== undefined) return { reason: 'delayed', minutes: delay };
  if (stop === undefined) return { reason: 'run-cancelled' };
  const stopId = stopIdSchema.safeParse(stop).data;
  if (stopId === undefined) throw new CommandFailure('--stop wants the id of a stop');
  return { reason: 'stop-cancelled', stopId };
};

import type { Command } from 'commander';
import { runIdSchema } from '../../shared/platform/ids.ts';
import { closeRun } from '../../shared/runs/close-run.ts';
import { CommandFailure } from '../connect.ts';
import { print, withTables } from '../run-command.ts';

export const register = (program: Command): void => {
  program
    .command('runs')
    .description('runs: a trip on a date')
    .command('close')
    .description('stop the sale of a run; paid orders without tickets get a refund, tickets stay valid')
    .argument('<runId>', 'such as G5~2026-12-01')
    .action((text: string) =>
      withTables(async ({ tables }) => {
        const runId = runIdSchema.safeParse(text).data;
        const closed = runId && (await closeRun(tables, runId));
        if (closed?.outcome !== 'accepted') throw new CommandFailure(`no run has the id ${text}`);
        const { run } = closed;
        print(`${run.trip} of ${run.serviceDate} is closed: no more seats are sold`);
      }),
    );
};

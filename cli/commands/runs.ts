import type { Command } from 'commander';
import { runIdSchema } from '../../shared/platform/ids.ts';
import { closeRun } from '../../shared/runs/close-run.ts';
import { CommandFailure } from '../connect.ts';
import { print, withTables } from '../run-command.ts';

export const register = (program: Command): void => {
  program
    .command('runs')
    .description('trains on their days')
    .command('close')
    .description('sell a run no more: what is paid and not yet issued goes back, tickets stay as they are')
    .argument('<runId>', 'such as G5~2026-12-01')
    .action((text: string) =>
      withTables(async ({ tables }) => {
        const runId = runIdSchema.safeParse(text).data;
        const run = runId && (await closeRun(tables, runId));
        if (!run) throw new CommandFailure(`there is no run ${text}`);
        print(`${run.trip} of ${run.serviceDate} is closed: nothing of it is sold any more`);
      }),
    );
};

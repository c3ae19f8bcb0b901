import type { Command } from 'commander';
import { oneLineUsage } from '../deploy/usage.ts';
import type { DestroyOptions } from '../deploy/destroy.ts';

export const register = (program: Command): void => {
  const command = program
    .command('destroy')
    .description(
      'delete the stacks of a stage from AWS; data, secrets and users stay, with commands to remove them',
    );
  oneLineUsage(command, 'npm run destroy -- --help')
    .requiredOption('--stage <name>', 'dev or prod')
    .option('--region <name>', 'the AWS region; AWS_REGION or the profile says it otherwise')
    .option('--profile <name>', 'the profile of the AWS credentials')
    .option('--dry-run', 'say what would be deleted, and what would stay')
    .option('--yes', 'do not ask')
    .action(async (options: DestroyOptions) => {
      const { explained } = await import('../deploy/say.ts');
      const { destroy } = await import('../deploy/destroy.ts');
      await explained(() => destroy(options));
    });
};

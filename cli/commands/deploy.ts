import type { Command } from 'commander';
import { addSettings } from '../deploy/settings.ts';
import { oneLineUsage } from '../deploy/usage.ts';
import type { DeployOptions } from '../deploy/deploy.ts';

export const register = (program: Command): void => {
  const command = program
    .command('deploy')
    .description('deploy to AWS: check, show what will happen, ask, deploy, say what to do next');
  addSettings(oneLineUsage(command, 'npm run deploy -- --help'))
    .option('--region <name>', 'the AWS region; AWS_REGION or the profile says it otherwise')
    .option('--profile <name>', 'the profile of the AWS credentials')
    .option('--bootstrap', 'prepare the region for the CDK first, if it is not')
    .option('--dry-run', 'synthesize, check and compare only; it needs no account')
    .option('--accept-loss', 'go ahead although the update loses what a deployed resource holds')
    .option('--yes', 'do not ask')
    .action(async (options: DeployOptions) => {
      const { explained } = await import('../deploy/say.ts');
      const { deploy } = await import('../deploy/deploy.ts');
      await explained(() => deploy(options));
    });
};

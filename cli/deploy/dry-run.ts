import { findAccount, withCloudFormation } from './account.ts';
import { assemble, type Assembly } from './assembly.ts';
import { checkAssembly } from './check-assembly.ts';
import { deployedTemplates } from './deployed-stacks.ts';
import { accountCheck } from './next-steps.ts';
import { explainAwsError } from '../explain-aws-error.ts';
import { say } from './say.ts';
import { runCdk } from './run-cdk.ts';
import type { Settings } from './settings.ts';
import { CommandFailure } from '../connect.ts';

/** What would be made in an account that has nothing: the number of resources of each stack. */
const contents = ({ stacks }: Assembly): string[] =>
  stacks.map(({ name, resources }) => `  ${name}: ${Object.keys(resources).length} resources`);

/** Why nothing can be compared with what is deployed; undefined if it can. */
const whyNoAccount = async (): Promise<string | undefined> => {
  try {
    await findAccount();
    return undefined;
  } catch (error) {
    if (error instanceof CommandFailure) return error.message;
    const line = explainAwsError(error);
    if (line === undefined) throw error;
    return line;
  }
};

/** Synthesizes and checks; with credentials it also compares with what is deployed. It changes nothing. */
export const dryRun = async (settings: Settings, acceptsLoss: boolean): Promise<void> => {
  const { stage } = settings.deployment;
  const why = await whyNoAccount();
  const deployed = why ? [] : await withCloudFormation((client) => deployedTemplates(client, stage));
  say('building the functions and the template …');
  const assembly = assemble(settings);
  for (const line of await checkAssembly(assembly, { deployed, acceptsLoss })) say(line);
  say(['The template is sound. It would deploy, in this order:', ...contents(assembly)].join('\n'));
  say(`To ask the account, too: ${accountCheck(settings)}`);
  if (why) return say(`Not compared with what is deployed: ${why}`);
  // Without a change set, so that nothing at all is made in the account.
  if ((await runCdk('diff', '--all', '--app', assembly.folder, '--method', 'template')) !== 0)
    throw new CommandFailure('cdk diff failed; its own message is above this line');
};

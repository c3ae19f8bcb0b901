import {
  DeleteStackCommand,
  waitUntilStackDeleteComplete,
  type CloudFormationClient,
} from '@aws-sdk/client-cloudformation';
import { CommandFailure } from '../connect.ts';
import { findAccount, usePlace, withCloudFormation, type Place } from './account.ts';
import { assertSomebodyAnswers, confirm } from './confirm.ts';
import { deployedStacks, inOrderOfDeletion, type DeployedStack } from './deployed-stacks.ts';
import { say } from './say.ts';
import { removalCommands } from './removal-commands.ts';
import { whyFailed } from './why-failed.ts';

export type DestroyOptions = Place & { stage: string; dryRun?: true; yes?: true };

/** CloudFormation waits for the executions of the workflow, which last three hours at most. */
const deletionSecondsMax = 4 * 3600;

const deleteStack = async (client: CloudFormationClient, { name, stackId }: DeployedStack): Promise<void> => {
  say(`deleting ${name} …`);
  await client.send(new DeleteStackCommand({ StackName: stackId }));
  try {
    await waitUntilStackDeleteComplete(
      { client, maxWaitTime: deletionSecondsMax, minDelay: 5, maxDelay: 15 },
      { StackName: stackId },
    );
  } catch {
    const why = await whyFailed(client, stackId);
    throw new CommandFailure(
      `${name} could not be deleted${why ? `: ${why}` : ''}; correct that, then repeat the command`,
    );
  }
};

const listed = (stacks: readonly DeployedStack[]): string[] => {
  const staying = removalCommands(stacks.flatMap(({ retained }) => retained));
  return [
    'These stacks are deleted, in this order:',
    ...stacks.map(({ name, status }) => `  ${name} (${status})`),
    'Tables, secrets, users and the key stay, and cost money. To remove them too, for good:',
    ...staying.map((command) => `  ${command}`),
  ];
};

/**
 * Deletes the stacks of a stage, as they stand in the account: no settings are needed, and a stack whose first creation failed is
 * deleted like the others. What the template retains stays; the commands that remove it are printed before and can be kept.
 */
export const destroy = async ({ stage, dryRun, yes, ...place }: DestroyOptions): Promise<void> => {
  if (!/^(?:dev|prod)$/.test(stage)) throw new CommandFailure('--stage: must be one of dev, prod');
  usePlace(place);
  if (!dryRun) assertSomebodyAnswers(yes);
  const { account, region } = await findAccount();
  await withCloudFormation(async (client) => {
    const stacks = inOrderOfDeletion(await deployedStacks(client, stage));
    if (stacks.length === 0)
      throw new CommandFailure(`there is nothing of stage ${stage} in ${region} of account ${account}`);
    say(listed(stacks).join('\n'));
    if (dryRun) return;
    await confirm(`Delete the stacks of ${stage} in ${region} of account ${account}?`, yes);
    for (const stack of stacks) await deleteStack(client, stack);
    say('Deleted. What stays is listed above.');
  }, region);
};

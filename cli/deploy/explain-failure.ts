import { withCloudFormation } from './account.ts';
import type { Assembly } from './assembly.ts';
import { deployedStacks } from './deployed-stacks.ts';
import { removalCommands } from './removal-commands.ts';
import { isFailedCreate } from './stacks.ts';
import { whyFailed } from './why-failed.ts';

const endedWell = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE']);

/**
 * Why a deployment failed, stack by stack, and what to do. A first creation that failed leaves what the template retains: it
 * holds nothing, costs money, and no second try uses it, so the commands that remove it are part of the answer.
 */
const explainRegion = (stage: string, region: string | undefined): Promise<string[]> =>
  withCloudFormation(async (client) => {
    const lines: string[] = [];
    for (const { name, status, stackId, retained } of await deployedStacks(client, stage)) {
      if (endedWell.has(status)) continue;
      const why = await whyFailed(client, stackId);
      lines.push(`${name} is in state ${status}${why ? `: ${why}` : ''}`);
      if (isFailedCreate({ name, status }) && retained.length > 0)
        lines.push(
          'its first creation failed and left empty resources, which cost money; remove them before the next try:',
          ...removalCommands(retained).map((command) => `  ${command}`),
        );
    }
    return lines;
  }, region);

export const explainFailure = async ({ stacks }: Assembly, stage: string): Promise<string> => {
  const regions = [...new Set(stacks.map(({ region }) => region))];
  const lines = await Promise.all(regions.map((region) => explainRegion(stage, region)));
  return ['the deployment failed; the message of the CDK is above this line', ...lines.flat()].join('\n');
};

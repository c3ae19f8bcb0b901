import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CommandFailure } from '../connect.ts';
import type { Account } from './account.ts';
import { findStack } from './stacks.ts';

const toolkitName = 'CDKToolkit';

/** The environment as the CDK names it: `aws://123456789012/eu-central-1`. */
export const environmentName = ({ account, region }: Account): string => `aws://${account}/${region}`;

/** The version of the CDK's own stack in this region; undefined if there is none. */
export const toolkitVersion = async (client: CloudFormationClient): Promise<number | undefined> => {
  const stack = await findStack(client, toolkitName);
  const { OutputValue: version } =
    stack?.Outputs?.find(({ OutputKey: key }) => key === 'BootstrapVersion') ?? {};
  return version === undefined ? undefined : Number(version);
};

/** Throws the command that prepares the region, if the CDK's stack is absent there or too old. */
export const assertToolkit = (version: number | undefined, needed: number, place: Account): void => {
  if (version !== undefined && version >= needed) return;
  const found =
    version === undefined
      ? 'has no CDK bootstrap'
      : `has CDK bootstrap version ${version}, and ${needed} is needed`;
  throw new CommandFailure(
    `${environmentName(place)} ${found}: add --bootstrap to this command, or run npx cdk bootstrap ${environmentName(place)}`,
  );
};

import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { awsClient, type CallLimits } from '../../shared/platform/aws-client.ts';
import { CommandFailure } from '../connect.ts';
import { decideEnvironment, type SeenStack } from './decide-environment.ts';
import { stackNamesOf } from './stack-names.ts';

/** A person waits for the answer: a quarter of a minute at most, whatever the network does. */
const limits: CallLimits = { attempts: 3, attemptMilliseconds: 5000, connectMilliseconds: 3000 };

/**
 * The environment of the functions of a deployment, from the outputs of its stacks, with the AWS credentials and region of
 * the environment. Throws a `CommandFailure` if the stacks cannot be used, and the errors of AWS as they are.
 */
export const readStackEnvironment = async (given: string): Promise<Record<string, string>> => {
  const wanted = stackNamesOf(given);
  if (!wanted)
    throw new CommandFailure(`--stack ${given}: give the name of a deployment, such as Keyun-prod`);
  const client = awsClient(CloudFormationClient, limits);
  try {
    const region = await client.config.region();
    const seen = await Promise.all(wanted.names.map((name) => describe(client, name)));
    const decided = decideEnvironment(
      wanted,
      seen.filter((stack) => stack !== undefined),
      region,
    );
    if ('refusal' in decided) throw new CommandFailure(decided.refusal);
    return decided.environment;
  } finally {
    client.destroy();
  }
};

const describe = async (client: CloudFormationClient, name: string): Promise<SeenStack | undefined> => {
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const { StackStatus: status = '', Outputs = [] } = stack ?? {};
    const own = Outputs.filter(({ ExportName }) => ExportName === undefined);
    const outputs = Object.fromEntries(
      own.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    );
    return { name, status, outputs };
  } catch (error) {
    if (isUnknownStack(error)) return undefined;
    throw error;
  }
};

/** CloudFormation has no error of its own for it. */
const isUnknownStack = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ValidationError' && error.message.endsWith('does not exist');

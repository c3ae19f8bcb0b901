import { outputOf } from '../../output-names.ts';
import { AwsError, type Operation } from '../http/aws-operation.ts';
import type { Deployment, DeployedStack } from './deployment.ts';
import { accountId, region } from './identities.ts';

/**
 * CloudFormation's DescribeStacks for the stacks of this run. `variables` are those of the clock of this run, which no
 * stack in the cloud has: every stack has them as outputs too, so that a command sees the same time as the functions.
 */
export const describeStacks = (
  { stacks }: Pick<Deployment, 'stacks'>,
  variables: Readonly<Record<string, string>>,
): Record<string, Operation> => {
  const created = new Date().toISOString();
  const clock: DeployedStack['outputs'] = Object.entries(variables).map(([name, value]) => ({
    key: outputOf(name),
    value,
  }));
  const described = ({ stackName, outputs }: DeployedStack) => ({
    StackId: `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`,
    StackName: stackName,
    CreationTime: created,
    StackStatus: 'CREATE_COMPLETE',
    Outputs: [...outputs, ...clock].map(({ key, value, exportName }) => ({
      OutputKey: key,
      OutputValue: value,
      ExportName: exportName,
    })),
  });
  return {
    DescribeStacks: ({ StackName }) => {
      const found = stacks.filter(({ stackName }) => StackName === undefined || stackName === StackName);
      if (found.length === 0)
        throw new AwsError('ValidationError', `Stack with id ${String(StackName)} does not exist`);
      return { Stacks: found.map(described) };
    },
  };
};

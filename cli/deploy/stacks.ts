import { DescribeStacksCommand, type CloudFormationClient, type Stack } from '@aws-sdk/client-cloudformation';

/** The stack of this name; undefined if the account has none. CloudFormation reports that as a faulty request. */
export const findStack = async (client: CloudFormationClient, name: string): Promise<Stack | undefined> => {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks[0];
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message))
      return undefined;
    throw error;
  }
};

/** A stack, and its status if the account has it. */
export type StackState = { name: string; status?: string };

/** Why a stack cannot be deployed now, with what to do; undefined if it can. */
export const whyBlocked = ({ name, status = '' }: StackState): string | undefined => {
  if (status === 'REVIEW_IN_PROGRESS') return undefined;
  if (status.endsWith('_IN_PROGRESS'))
    return `${name} is changing (${status}): wait until that deployment has ended, then repeat the command`;
  if (status === 'UPDATE_ROLLBACK_FAILED')
    return `${name} could not return to its earlier state: run aws cloudformation continue-update-rollback --stack-name ${name}, wait, then repeat the command`;
  if (status === 'DELETE_FAILED')
    return `${name} was not deleted completely: run aws cloudformation delete-stack --stack-name ${name}, wait, then repeat the command`;
  return undefined;
};

/** Whether the first creation of a stack failed. The CDK deletes such a stack and creates it again. */
export const isFailedCreate = ({ status = '' }: StackState): boolean =>
  ['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED'].includes(status);

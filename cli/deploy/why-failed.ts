import { DescribeStackEventsCommand, type CloudFormationClient } from '@aws-sdk/client-cloudformation';

/** The first resource of the last operation that failed, with CloudFormation's reason: the others failed because of it. */
export const whyFailed = async (
  client: CloudFormationClient,
  stackId: string,
): Promise<string | undefined> => {
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: stackId }));
  // The newest comes first, and an operation begins with the stack itself.
  const begin = StackEvents.findIndex(
    ({ PhysicalResourceId: id, StackId, ResourceStatus: status = '' }) =>
      id === StackId && /^(?:CREATE|UPDATE|DELETE)_IN_PROGRESS$/.test(status),
  );
  const operation = begin === -1 ? StackEvents : StackEvents.slice(0, begin);
  const first = operation.findLast(
    ({ ResourceStatus: status = '', ResourceStatusReason: reason = '' }) =>
      status.endsWith('_FAILED') && !/cancelled/i.test(reason),
  );
  return first && `${first.LogicalResourceId} (${first.ResourceType}): ${first.ResourceStatusReason}`;
};

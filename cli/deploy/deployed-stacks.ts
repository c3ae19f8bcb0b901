import {
  GetTemplateCommand,
  paginateDescribeStacks,
  paginateListStackResources,
  type CloudFormationClient,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import type { CheckedStack } from '../../infra/check/model.ts';
import type { Templates } from '../../infra/check/released.ts';
import type { Retained } from './removal-commands.ts';
import { isFailedCreate } from './stacks.ts';

const templateSchema = z.object({
  Resources: z.record(z.string(), z.looseObject({ DeletionPolicy: z.string().optional() })),
});

export type DeployedStack = {
  name: string;
  stackId: string;
  status: string;
  /** The stacks whose exports it uses. */
  uses: readonly string[];
  /** What stays when this stack is deleted, and what stayed when its first creation failed. */
  retained: readonly Retained[];
};

/** `"Fn::ImportValue": "Keyun-dev-Data:ExportsOutput…"` names the stack that exports. */
const importedFrom = (template: string): string[] => [
  ...new Set([...template.matchAll(/"Fn::ImportValue":\s*"([\w-]+):/g)].map(([, name = '']) => name)),
];

const resourcesOf = async (
  client: CloudFormationClient,
  stackId: string,
): Promise<StackResourceSummary[]> => {
  const all: StackResourceSummary[] = [];
  for await (const { StackResourceSummaries = [] } of paginateListStackResources(
    { client },
    { StackName: stackId },
  ))
    all.push(...StackResourceSummaries);
  return all;
};

const readStack = async (
  client: CloudFormationClient,
  { name, stackId, status }: Pick<DeployedStack, 'name' | 'stackId' | 'status'>,
): Promise<DeployedStack> => {
  const { TemplateBody = '{"Resources":{}}' } = await client.send(
    new GetTemplateCommand({ StackName: stackId, TemplateStage: 'Original' }),
  );
  const { Resources } = templateSchema.parse(JSON.parse(TemplateBody));
  const isRetained = (logicalId = ''): boolean =>
    Resources[logicalId]?.DeletionPolicy?.startsWith('Retain') === true;
  const retained = (await resourcesOf(client, stackId)).flatMap((resource): Retained[] =>
    isRetained(resource.LogicalResourceId) &&
    resource.PhysicalResourceId &&
    resource.ResourceStatus !== 'DELETE_COMPLETE'
      ? [{ type: resource.ResourceType ?? '', id: resource.PhysicalResourceId }]
      : [],
  );
  return { name, stackId, status, uses: importedFrom(TemplateBody), retained };
};

type FoundStack = Pick<DeployedStack, 'name' | 'stackId' | 'status'>;

/** The stacks of a stage in this region, with what a list says of them. */
export const listStacks = async (client: CloudFormationClient, stage: string): Promise<FoundStack[]> => {
  const found: FoundStack[] = [];
  for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {}))
    for (const { StackName: name = '', StackId: stackId = '', StackStatus: status = '' } of Stacks)
      if (name.startsWith(`Keyun-${stage}-`)) found.push({ name, stackId, status });
  return found;
};

const stackResources = z.object({
  Resources: z.record(
    z.string(),
    z.custom<CheckedStack['Resources'][string]>(
      (value) => z.object({ Type: z.string() }).safeParse(value).success,
    ),
  ),
});

/** The templates of a stage that are in force in this region: without stacks that were never created. */
export const deployedTemplates = async (
  client: CloudFormationClient,
  stage: string,
): Promise<Templates['stacks']> => {
  const found = (await listStacks(client, stage)).filter(
    (stack) => !isFailedCreate(stack) && stack.status !== 'REVIEW_IN_PROGRESS',
  );
  const read: Templates['stacks'][number][] = [];
  for (const { name, stackId } of found) {
    const { TemplateBody = '{"Resources":{}}' } = await client.send(
      new GetTemplateCommand({ StackName: stackId, TemplateStage: 'Original' }),
    );
    read.push({ stackName: name, ...stackResources.parse(JSON.parse(TemplateBody)) });
  }
  return read;
};

/** Every stack of a stage in this region, as it is deployed. */
export const deployedStacks = async (
  client: CloudFormationClient,
  stage: string,
): Promise<DeployedStack[]> => {
  const read: DeployedStack[] = [];
  for (const found of await listStacks(client, stage)) read.push(await readStack(client, found));
  return read;
};

/** Each before those that it uses: CloudFormation deletes no stack whose exports are in use. */
export const inOrderOfDeletion = (stacks: readonly DeployedStack[]): DeployedStack[] => {
  const ordered = new Set<DeployedStack>();
  const add = (stack: DeployedStack): void => {
    if (ordered.has(stack)) return;
    for (const user of stacks) if (user.uses.includes(stack.name)) add(user);
    ordered.add(stack);
  };
  for (const stack of stacks) add(stack);
  return [...ordered];
};

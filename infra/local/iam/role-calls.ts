import * as z from 'zod';
import type { Deployment } from '../template/deployment.ts';
import { region } from '../template/identities.ts';
import { readAliases } from '../lambda/aliases.ts';
import { decide, readPolicies, type AccessRequest } from './iam-policies.ts';

/** Calls that a service makes in the name of a role: the role's policies must allow them. Undefined if they do. */
export type RoleCalls = {
  /** A schedule or a workflow calls a function, a queue or a topic. */
  ofRole(roleArn: string, target: string): string | undefined;
  /** Lambda reads a queue or a stream for a function, and puts what failed into the queue `deadLetters`. */
  ofMapping(mapping: MappedSource): string | undefined;
};

export type MappedSource = { functionName: string; source: string; deadLetters?: string | undefined };

const actionsOn: Readonly<Record<string, string>> = {
  lambda: 'lambda:InvokeFunction',
  sns: 'sns:Publish',
  sqs: 'sqs:SendMessage',
};

const functionSchema = z.object({ Role: z.string() });
const tableSchema = z.object({
  SSESpecification: z.object({ KMSMasterKeyId: z.string().optional() }).optional(),
});

/** Reads the roles of the template. */
export const readRoleCalls = (deployment: Deployment): RoleCalls => {
  const statementsOf = readPolicies(deployment);
  const roles = new Map(
    deployment
      .all('AWS::Lambda::Function', functionSchema)
      .flatMap(({ ref, attributes, properties: { Role } }) => [
        [ref, Role],
        [attributes['Arn'] ?? '', Role],
      ]),
  );
  for (const [alias, name] of readAliases(deployment)) roles.set(alias, roles.get(name) ?? '');
  const keys = readStreamKeys(deployment);

  const lacking = (roleArn: string, requests: readonly AccessRequest[]): string | undefined => {
    const statements = statementsOf(roleArn);
    const refused = requests.find((request) => decide(statements, request) !== 'allowed');
    return refused && `${roleArn} lacks ${refused.action} on ${refused.resource}`;
  };

  return {
    ofRole: (roleArn, target) =>
      lacking(roleArn, [{ action: actionsOn[target.split(':')[2] ?? ''] ?? '', resource: target }]),
    ofMapping: ({ functionName, source, deadLetters }) =>
      lacking(roles.get(functionName) ?? '', [
        ...(source.startsWith('arn:aws:sqs:')
          ? queueRequests(source)
          : streamRequests(source, keys.get(source))),
        ...(deadLetters ? [{ action: 'sqs:SendMessage', resource: deadLetters }] : []),
      ]),
  };
};

const queueRequests = (resource: string): AccessRequest[] =>
  ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'].map((action) => ({
    action,
    resource,
  }));

const streamRequests = (resource: string, keyArn: string | undefined): AccessRequest[] => [
  ...['dynamodb:DescribeStream', 'dynamodb:GetShardIterator', 'dynamodb:GetRecords'].map((action) => ({
    action,
    resource,
  })),
  // AWS has no permission for the streams of one table.
  { action: 'dynamodb:ListStreams', resource: '*' },
  ...(keyArn
    ? [
        {
          action: 'kms:Decrypt',
          resource: keyArn,
          context: { 'kms:ViaService': `dynamodb.${region}.amazonaws.com` },
        },
      ]
    : []),
];

/** The customer's key of each table that has one, by the ARN of its stream. */
const readStreamKeys = (deployment: Deployment): Map<string, string> =>
  new Map(
    deployment.all('AWS::DynamoDB::Table', tableSchema).flatMap(({ attributes, properties }) => {
      const keyArn = properties.SSESpecification?.KMSMasterKeyId;
      return keyArn ? [[attributes['StreamArn'] ?? '', keyArn] as const] : [];
    }),
  );

import * as z from 'zod';
import type { AccessRequest } from './iam-policies.ts';
import { accountId, region } from '../template/identities.ts';

/** A permission that a request to an AWS service needs. */
export type NeededPermission = Pick<AccessRequest, 'action' | 'context'> & {
  /** A grant on one of them is enough. */
  resources: readonly string[];
};

/** A request as it arrived: `target` is its `X-Amz-Target`. */
export type ServiceRequest = {
  service: string;
  method: string;
  path: string;
  target: string;
  body: Buffer;
};

/** This file does not know the permissions of the request; the message says what to add. */
export class UnknownRequest extends Error {
  override name = 'UnknownOperationException';
}

/** All permissions that a request needs: if one is missing, AWS refuses the whole request. */
export const neededPermissions = (
  request: ServiceRequest,
  stateMachineArns: readonly string[],
): NeededPermission[] => {
  const operation = request.target.split('.')[1] ?? '';
  switch (request.service) {
    case 'dynamodb':
      return ofDynamo(operation, inputOf(request));
    case 'secretsmanager':
      return ofSecrets(operation, inputOf(request));
    case 'states':
      return ofStates(operation, inputOf(request), stateMachineArns);
    case 'sns':
      return ofTopics(new URLSearchParams(request.body.toString()));
    case 'ses':
      return ofMail(request);
    case 'cognito-idp':
      return ofUsers(operation, inputOf(request));
    default:
      return unknown(request.service, operation);
  }
};

type Input = Record<string, unknown>;

const inputOf = ({ body }: ServiceRequest): Input => JSON.parse(body.toString() || '{}') as Input;

const unknown = (service: string, operation: string): never => {
  throw new UnknownRequest(
    `the local run does not know what ${service}:${operation} has to be granted: say it in infra/local/iam/needed-permissions.ts`,
  );
};

const need = (action: string, ...resources: string[]): NeededPermission => ({ action, resources });

const tableArn = (name: string): string =>
  name.startsWith('arn:') ? name : `arn:aws:dynamodb:${region}:${accountId}:table/${name}`;

const onTable = z.object({ TableName: z.string(), IndexName: z.string().optional() });
const onTables = z.object({ RequestItems: z.record(z.string(), z.unknown()) });
const onItems = z.object({ TransactItems: z.array(z.record(z.string(), onTable)) });

/** A transaction has no action of its own: each item needs the action of the same write outside a transaction. */
const actionsInTransactions: Readonly<Record<string, string>> = {
  ConditionCheck: 'ConditionCheckItem',
  Delete: 'DeleteItem',
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
};

const ofDynamo = (operation: string, input: Input): NeededPermission[] => {
  switch (operation) {
    case 'TransactGetItems':
    case 'TransactWriteItems':
      return onItems
        .parse(input)
        .TransactItems.flatMap((item) =>
          Object.entries(item).map(([kind, { TableName }]) =>
            need(`dynamodb:${actionsInTransactions[kind] ?? unknown('dynamodb', kind)}`, tableArn(TableName)),
          ),
        );
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.keys(onTables.parse(input).RequestItems).map((table) =>
        need(`dynamodb:${operation}`, tableArn(table)),
      );
    default: {
      const { data } = onTable.safeParse(input);
      if (!data) return unknown('dynamodb', operation);
      // A permission to read an index does not include its table, and the other way round.
      const index = data.IndexName === undefined ? '' : `/index/${data.IndexName}`;
      return [need(`dynamodb:${operation}`, tableArn(data.TableName) + index)];
    }
  }
};

const ofSecrets = (operation: string, { SecretId }: Input): NeededPermission[] => [
  need(`secretsmanager:${operation}`, String(SecretId)),
];

const ofStates = (
  operation: string,
  { stateMachineArn, executionArn }: Input,
  stateMachineArns: readonly string[],
): NeededPermission[] => {
  const action = `states:${operation}`;
  // The grant must name the state machine of the token, but the token does not reveal it.
  if (operation.startsWith('SendTask')) return [need(action, ...stateMachineArns)];
  const resource = stateMachineArn ?? executionArn;
  return typeof resource === 'string' ? [need(action, resource)] : unknown('states', operation);
};

const ofUsers = (operation: string, { UserPoolId }: Input): NeededPermission[] => [
  need(
    `cognito-idp:${operation}`,
    `arn:aws:cognito-idp:${region}:${accountId}:userpool/${String(UserPoolId)}`,
  ),
];

/** Only SNS still uses forms. */
const ofTopics = (form: URLSearchParams): NeededPermission[] => {
  const operation = form.get('Action') ?? '';
  const topicArn = form.get('TopicArn') ?? unknown('sns', operation);
  return [need(`sns:${operation === 'PublishBatch' ? 'Publish' : operation}`, topicArn)];
};

const mailSchema = z.object({
  FromEmailAddress: z.string(),
  ConfigurationSetName: z.string().optional(),
  Destination: z.record(z.string(), z.array(z.string())).default({}),
  Content: z.object({ Raw: z.unknown() }).partial(),
});

/** Either may be verified with SES: an address or its domain. */
const mailIdentities = (written: string): string[] => {
  const address = addressOf(written);
  return [address, address.slice(address.indexOf('@') + 1)].map((name) => `identity/${name}`);
};

/** `Keyun <a@keyun.example>` → `a@keyun.example` */
const addressOf = (written: string): string => /<([^>]+)>\s*$/.exec(written)?.[1] ?? written;

const ofMail = ({ method, path, body }: ServiceRequest): NeededPermission[] => {
  if (method !== 'POST' || path !== '/v2/email/outbound-emails') return unknown('ses', `${method} ${path}`);
  const mail = mailSchema.parse(JSON.parse(body.toString()));
  // Both use the same API, but a raw mail needs the permission with the older name.
  const action = mail.Content.Raw === undefined ? 'ses:SendEmail' : 'ses:SendRawEmail';
  const context = { 'ses:FromAddress': addressOf(mail.FromEmailAddress) };
  const set = mail.ConfigurationSetName;
  return [
    mailIdentities(mail.FromEmailAddress),
    ...(set === undefined ? [] : [[`configuration-set/${set}`]]),
    // SES checks a recipient that is an identity of the account: in its sandbox, that is every recipient.
    ...Object.values(mail.Destination).flat().map(mailIdentities),
  ].map((names) => ({
    action,
    context,
    resources: names.map((name) => `arn:aws:ses:${region}:${accountId}:${name}`),
  }));
};

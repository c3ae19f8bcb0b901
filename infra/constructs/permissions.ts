import { Aws, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { secretVariable } from '../../functions/routes.ts';
import type { DataStack } from '../stacks/data.ts';
import { byProvider } from './by-provider.ts';
import type { Deployment } from './deployment.ts';
import type { Grants, SecretName, TableName } from './grants.ts';

/** The resources of grants. */
export type Granted = {
  deployment: Deployment;
  data: DataStack;
  purchaseArn: string;
  /** The topic of events, for the stack that has it. */
  events?: ITopic;
  /** The public address, for the stack that has the API. */
  publicUrl?: string;
  /** What a request through the front of the API has with it, for the stack that has the API. */
  frontKey?: string;
};

/** A grant for something that its stack does not have is a mistake. */
const of = <Value>(value: Value | undefined, what: string): Value => {
  if (value === undefined)
    throw new Error(`a function has a grant for ${what}, which its stack does not have`);
  return value;
};

const tableVariables = {
  timetable: 'TIMETABLE_TABLE',
  inventory: 'INVENTORY_TABLE',
  availability: 'AVAILABILITY_TABLE',
  bookings: 'BOOKINGS_TABLE',
} as const satisfies Record<TableName, string>;

const secretsOf = (data: DataStack): Record<SecretName, { variable: string; secret: Secret }> => ({
  documents: { variable: 'DOCUMENT_SECRET_ID', secret: data.documentSecret },
  tickets: { variable: 'TICKET_SECRET_ID', secret: data.ticketSecret },
  ...byProvider((name) => ({ variable: secretVariable(name), secret: data.providerSecrets[name] })),
});

const tablesOf = (grants: Grants) => Object.entries(grants.tables ?? {}) as [TableName, readonly string[]][];

/** The environment variables that a function with these grants reads. */
export const environmentFor = (grants: Grants, granted: Granted): Record<string, string> => ({
  KEYUN_STAGE: granted.deployment.stage,
  KEYUN_CARRIER: granted.deployment.carrier,
  ...Object.fromEntries(
    tablesOf(grants).map(([name]) => [tableVariables[name], granted.data[name].tableName]),
  ),
  ...Object.fromEntries(
    (grants.secrets ?? []).map((name) => {
      const { variable, secret } = secretsOf(granted.data)[name];
      return [variable, secret.secretArn];
    }),
  ),
  ...(grants.publishes && { EVENTS_TOPIC_ARN: of(granted.events, 'the topic of events').topicArn }),
  ...(grants.startsPurchase && { PURCHASE_STATE_MACHINE_ARN: granted.purchaseArn }),
  ...(grants.mails && {
    MAIL_FROM: granted.data.mail.from,
    MAIL_CONFIGURATION_SET: granted.data.mail.configurationSetName,
  }),
  ...(grants.users && granted.data.identity && { USER_POOL_ID: granted.data.identity.userPool.userPoolId }),
  ...(granted.frontKey && { FRONT_KEY: granted.frontKey }),
  ...(grants.publicUrl && { PUBLIC_URL: of(granted.publicUrl, 'the public address') }),
});

/** DynamoDB encrypts items with the customer's key in the caller's name; so do the services for secrets and messages. */
const keyStatement = (grants: Grants, { data }: Granted): PolicyStatement[] => {
  const tables = tablesOf(grants);
  const writes = tables.some(([, actions]) => actions.some((action) => /^(Put|Update)/.test(action)));
  const services = [
    ...(tables.length > 0 ? ['dynamodb'] : []),
    ...(grants.secrets ? ['secretsmanager'] : []),
    ...(grants.publishes ? ['sns'] : []),
  ];
  if (services.length === 0) return [];
  return [
    new PolicyStatement({
      actions: [
        'kms:Decrypt',
        ...(tables.length > 0 ? ['kms:DescribeKey'] : []),
        ...(writes ? ['kms:Encrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'] : []),
        ...(writes || grants.publishes ? ['kms:GenerateDataKey'] : []),
      ],
      resources: [data.key.keyArn],
      conditions: {
        StringEquals: {
          'kms:ViaService': services.map((service) => `${service}.${Aws.REGION}.amazonaws.com`),
        },
      },
    }),
  ];
};

/**
 * The function may send mail only from our own address. SES checks the grant against the sender's identity, the
 * configuration set, and any recipient that is an identity of this account too: in the sandbox that is each of them. So
 * the grant covers all identities, and its condition names the one sender.
 */
const mailStatement = ({ data: { mail } }: Granted): PolicyStatement =>
  new PolicyStatement({
    actions: ['ses:SendEmail', 'ses:SendRawEmail'],
    resources: [
      Stack.of(mail).formatArn({ service: 'ses', resource: 'identity', resourceName: '*' }),
      mail.configurationSetArn,
    ],
    conditions: { StringEquals: { 'ses:FromAddress': mail.from } },
  });

/** The statements of a function's policy. */
export const statementsFor = (grants: Grants, granted: Granted): PolicyStatement[] => {
  const { data, events, purchaseArn } = granted;
  const states = [
    ...(grants.startsPurchase ? ['states:StartExecution'] : []),
    ...(grants.answersPurchase ?? []).map((action) => `states:${action}`),
  ];
  return [
    ...tablesOf(grants).map(
      ([name, actions]) =>
        new PolicyStatement({
          actions: actions.map((action) => `dynamodb:${action}`),
          resources: [data[name].tableArn],
        }),
    ),
    ...(grants.indexes
      ? [
          new PolicyStatement({
            actions: ['dynamodb:Query'],
            resources: grants.indexes.map((index) => `${data.bookings.tableArn}/index/${index}`),
          }),
        ]
      : []),
    ...(grants.secrets
      ? [
          new PolicyStatement({
            actions: ['secretsmanager:GetSecretValue'],
            resources: grants.secrets.map((name) => secretsOf(data)[name].secret.secretArn),
          }),
        ]
      : []),
    ...(grants.publishes
      ? [
          new PolicyStatement({
            actions: ['sns:Publish'],
            resources: [of(events, 'the topic of events').topicArn],
          }),
        ]
      : []),
    ...(states.length > 0 ? [new PolicyStatement({ actions: states, resources: [purchaseArn] })] : []),
    ...(grants.mails ? [mailStatement(granted)] : []),
    ...(grants.users && data.identity
      ? [
          new PolicyStatement({
            actions: ['cognito-idp:AdminGetUser'],
            resources: [data.identity.userPool.userPoolArn],
          }),
        ]
      : []),
    ...keyStatement(grants, granted),
  ];
};

import type { ReachedCode } from './reached-code.ts';

/** The actions of IAM behind commands of the AWS SDK, by package and class. A list: one of them is enough. */
const actions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  '@aws-sdk/lib-dynamodb': {
    BatchGetCommand: ['dynamodb:BatchGetItem'],
    BatchWriteCommand: ['dynamodb:BatchWriteItem'],
    DeleteCommand: ['dynamodb:DeleteItem'],
    GetCommand: ['dynamodb:GetItem'],
    PutCommand: ['dynamodb:PutItem'],
    QueryCommand: ['dynamodb:Query'],
    ScanCommand: ['dynamodb:Scan'],
    UpdateCommand: ['dynamodb:UpdateItem'],
    paginateQuery: ['dynamodb:Query'],
    paginateScan: ['dynamodb:Scan'],
  },
  '@aws-sdk/client-sns': { PublishCommand: ['sns:Publish'], PublishBatchCommand: ['sns:Publish'] },
};

/** A transaction needs the actions of its items, which are keys of object literals. */
const actionsOfItems: Readonly<Record<string, string>> = {
  ConditionCheck: 'dynamodb:ConditionCheckItem',
  Delete: 'dynamodb:DeleteItem',
  Get: 'dynamodb:GetItem',
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
};

/** The prefix of the actions of a service, by the package of its client. Elsewhere a command has the name of its action. */
const services: Readonly<Record<string, string>> = {
  '@aws-sdk/client-cloudwatch': 'cloudwatch',
  '@aws-sdk/client-cognito-identity-provider': 'cognito-idp',
  '@aws-sdk/client-dynamodb': 'dynamodb',
  '@aws-sdk/client-eventbridge': 'events',
  '@aws-sdk/client-kms': 'kms',
  '@aws-sdk/client-lambda': 'lambda',
  '@aws-sdk/client-s3': 's3',
  '@aws-sdk/client-scheduler': 'scheduler',
  '@aws-sdk/client-secrets-manager': 'secretsmanager',
  '@aws-sdk/client-sesv2': 'ses',
  '@aws-sdk/client-sfn': 'states',
  '@aws-sdk/client-sns': 'sns',
  '@aws-sdk/client-sqs': 'sqs',
  '@aws-sdk/client-ssm': 'ssm',
};

const isTransaction = (name: string): boolean => /^Transact(?:Write|Get)(?:Items)?Command$/.test(name);

/** The actions that code can call, each with its alternatives. */
export const actionsCalledBy = ({ imported, keys }: ReachedCode): string[][] =>
  [...imported].flatMap((one) => {
    const [from = '', name = ''] = one.split(' ');
    const known = actions[from]?.[name];
    if (known) return [[...known]];
    if (!from.startsWith('@aws-sdk/') || !name.endsWith('Command')) return [];
    if (isTransaction(name))
      return Object.entries(actionsOfItems).flatMap(([key, action]) => (keys.has(key) ? [[action]] : []));
    // A service that is not listed has its client's name, so that its action is named and never found granted.
    const service = services[from] ?? from.slice('@aws-sdk/client-'.length);
    return [[`${service}:${name.slice(0, -'Command'.length)}`]];
  });

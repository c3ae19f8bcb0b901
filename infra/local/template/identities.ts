import { tableNameOf } from '../tables/dynamodb.ts';
import { isRunning, type RunningType } from './resource-types.ts';
import type { Resource } from './template.ts';

/** The addresses of services on this machine, which we choose before anything starts. */
export type LocalAddresses = { api: string; issuer: string; sqs: string };

/** What `Ref` and `Fn::GetAtt` return for a resource; a missing attribute does not exist. */
export type Identity = { ref: string; attributes: Record<string, string> };

export const region = 'us-east-1';
export const accountId = '000000000000';

const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${accountId}:${rest}`;

/** The physical name: the plain text in the template, or else the logical id, which stays the same over restarts. */
const nameOf = (logicalId: string, resource: Resource, property: string): string => {
  const given = resource.Properties?.[property];
  return typeof given === 'string' ? given : logicalId;
};

/** The logical id that a property refers to: a function without a name of its own has it as its name. */
const referred = ({ Properties }: Resource, property: string): string => {
  const given = Properties?.[property];
  return typeof given === 'object' && given !== null && 'Ref' in given ? String(given.Ref) : String(given);
};

type Identify = (logicalId: string, resource: Resource, addresses: LocalAddresses) => Identity;

const onlyItself: Identify = (logicalId) => ({ ref: logicalId, attributes: {} });

const table: Identify = (logicalId, resource) => {
  const name = tableNameOf(logicalId, resource);
  const own = arn('dynamodb', `table/${name}`);
  return { ref: name, attributes: { Arn: own, StreamArn: `${own}/stream/local` } };
};

const identify: Record<RunningType, Identify> = {
  'AWS::ApiGatewayV2::Api': (logicalId, _, { api }) => ({
    ref: logicalId,
    attributes: { ApiId: logicalId, ApiEndpoint: api },
  }),
  'AWS::ApiGatewayV2::Authorizer': (logicalId) => ({
    ref: logicalId,
    attributes: { AuthorizerId: logicalId },
  }),
  'AWS::ApiGatewayV2::Integration': onlyItself,
  'AWS::ApiGatewayV2::Route': onlyItself,
  'AWS::ApiGatewayV2::Stage': (logicalId, resource) => ({
    ref: nameOf(logicalId, resource, 'StageName'),
    attributes: {},
  }),
  'AWS::CloudWatch::Alarm': (logicalId, resource) => {
    const name = nameOf(logicalId, resource, 'AlarmName');
    return { ref: name, attributes: { Arn: arn('cloudwatch', `alarm:${name}`) } };
  },
  'AWS::Cognito::UserPool': (logicalId, _, { issuer }) => ({
    ref: `${region}_${logicalId}`,
    attributes: {
      Arn: arn('cognito-idp', `userpool/${region}_${logicalId}`),
      ProviderName: issuer.replace(/^https?:\/\//, ''),
      ProviderURL: issuer,
      UserPoolId: `${region}_${logicalId}`,
    },
  }),
  'AWS::Cognito::UserPoolClient': (logicalId) => ({ ref: logicalId, attributes: { ClientId: logicalId } }),
  'AWS::Cognito::UserPoolGroup': (logicalId, resource) => ({
    ref: nameOf(logicalId, resource, 'GroupName'),
    attributes: {},
  }),
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::DynamoDB::Table': table,
  'AWS::Events::Rule': (logicalId, resource) => {
    const name = nameOf(logicalId, resource, 'Name');
    return { ref: name, attributes: { Arn: arn('events', `rule/${name}`) } };
  },
  'AWS::IAM::Policy': onlyItself,
  'AWS::IAM::Role': (logicalId, resource) => {
    const name = nameOf(logicalId, resource, 'RoleName');
    return { ref: name, attributes: { Arn: `arn:aws:iam::${accountId}:role/${name}` } };
  },
  'AWS::KMS::Key': (logicalId) => ({
    ref: logicalId,
    attributes: { Arn: arn('kms', `key/${logicalId}`), KeyId: logicalId },
  }),
  'AWS::Lambda::Alias': (logicalId, resource) => {
    const own = arn(
      'lambda',
      `function:${referred(resource, 'FunctionName')}:${nameOf(logicalId, resource, 'Name')}`,
    );
    return { ref: own, attributes: { AliasArn: own } };
  },
  'AWS::Lambda::EventSourceMapping': (logicalId) => ({ ref: logicalId, attributes: { Id: logicalId } }),
  'AWS::Lambda::Function': (logicalId, resource) => {
    const name = nameOf(logicalId, resource, 'FunctionName');
    return { ref: name, attributes: { Arn: arn('lambda', `function:${name}`) } };
  },
  'AWS::Lambda::Permission': onlyItself,
  'AWS::SES::ConfigurationSet': (logicalId, resource) => ({
    ref: nameOf(logicalId, resource, 'Name'),
    attributes: {},
  }),
  'AWS::SES::ConfigurationSetEventDestination': (logicalId) => ({
    ref: logicalId,
    attributes: { Id: logicalId },
  }),
  'AWS::SES::EmailIdentity': (logicalId, resource) => ({
    ref: nameOf(logicalId, resource, 'EmailIdentity'),
    attributes: new Proxy<Record<string, string>>(
      {},
      // Nobody proves a domain to this machine.
      { get: (_, attribute) => `${logicalId}.${String(attribute)}`, has: () => true },
    ),
  }),
  'AWS::SNS::Subscription': (logicalId) => ({ ref: logicalId, attributes: { Arn: arn('sns', logicalId) } }),
  'AWS::SNS::Topic': (logicalId, resource) => {
    const name = nameOf(logicalId, resource, 'TopicName');
    return { ref: arn('sns', name), attributes: { TopicArn: arn('sns', name), TopicName: name } };
  },
  'AWS::SNS::TopicPolicy': onlyItself,
  'AWS::SQS::Queue': (logicalId, resource, { sqs }) => {
    const name = nameOf(logicalId, resource, 'QueueName');
    const url = `${sqs}/${accountId}/${name}`;
    return { ref: url, attributes: { Arn: arn('sqs', name), QueueName: name, QueueUrl: url } };
  },
  'AWS::SQS::QueuePolicy': onlyItself,
  'AWS::Scheduler::Schedule': (logicalId, resource) => {
    const name = nameOf(logicalId, resource, 'Name');
    return { ref: name, attributes: { Arn: arn('scheduler', `schedule/default/${name}`) } };
  },
  'AWS::SecretsManager::Secret': (logicalId, resource) => {
    const own = arn('secretsmanager', `secret:${nameOf(logicalId, resource, 'Name')}-local1`);
    return { ref: own, attributes: { Id: own } };
  },
  'AWS::StepFunctions::StateMachine': (logicalId, resource) => {
    const name = nameOf(logicalId, resource, 'StateMachineName');
    const own = arn('states', `stateMachine:${name}`);
    return { ref: own, attributes: { Arn: own, Name: name } };
  },
};

/** Only other resources without effect refer to these, so any text will do. */
const placeholder = (logicalId: string): Identity => ({
  ref: logicalId,
  attributes: new Proxy<Record<string, string>>(
    {},
    { get: (_, attribute) => arn('local', `${logicalId}/${String(attribute)}`), has: () => true },
  ),
});

export const identityOf: Identify = (logicalId, resource, addresses) =>
  isRunning(resource.Type) ? identify[resource.Type](logicalId, resource, addresses) : placeholder(logicalId);

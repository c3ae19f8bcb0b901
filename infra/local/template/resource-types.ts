import { LocalRunError } from '../run/ports.ts';
import type { StackTemplate } from './template.ts';

/** The types that the local run makes from the template, or reads to learn who may call whom. */
const running = [
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::CloudWatch::Alarm',
  'AWS::Cognito::UserPool',
  'AWS::Cognito::UserPoolClient',
  'AWS::Cognito::UserPoolGroup',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::Events::Rule',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::SES::ConfigurationSet',
  'AWS::SES::ConfigurationSetEventDestination',
  'AWS::SES::EmailIdentity',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::Schedule',
  'AWS::SecretsManager::Secret',
  'AWS::StepFunctions::StateMachine',
] as const;

/**
 * Types without effect on a running program: metrics, and the storage of logs. There is one version of each function here,
 * and no release moves to it.
 */
const withoutEffect = [
  'AWS::CDK::Metadata',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::CodeDeploy::Application',
  'AWS::CodeDeploy::DeploymentGroup',
  'AWS::Cognito::ManagedLoginBranding',
  'AWS::Cognito::UserPoolDomain',
  'AWS::KMS::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Version',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::QueryDefinition',
  'AWS::Logs::ResourcePolicy',
  'AWS::Scheduler::ScheduleGroup',
] as const;

export type RunningType = (typeof running)[number];

const runningTypes: ReadonlySet<string> = new Set(running);
const knownTypes: ReadonlySet<string> = new Set([...running, ...withoutEffect]);

export const isRunning = (type: string): type is RunningType => runningTypes.has(type);

/** Throws for the first resource that the local run would silently leave out. */
export const assertKnownTypes = (templates: readonly StackTemplate[]): void => {
  for (const { stackName, Resources } of templates) {
    for (const [logicalId, { Type }] of Object.entries(Resources)) {
      if (!knownTypes.has(Type))
        throw new LocalRunError(
          `${stackName}/${logicalId}: the local run does not know ${Type}; run it in infra/local, or list it as without effect in resource-types.ts`,
        );
    }
  }
};

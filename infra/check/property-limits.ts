/**
 * Limits that AWS documents and its specification does not contain, by type and property. A name is limited in characters, a list
 * in entries, a number in itself. `*` stands for every entry of a list.
 */
export type PropertyLimit = { path: readonly string[]; most: number; least?: number };

const name = (most: number, property = 'Name'): PropertyLimit => ({ path: [property], most, least: 1 });
const value = (property: string, least: number, most: number): PropertyLimit => ({
  path: property.split('.'),
  least,
  most,
});

/** The sources are the pages “quotas” of each service, and the references of its API. */
export const propertyLimits: Readonly<Record<string, readonly PropertyLimit[]>> = {
  'AWS::ApiGatewayV2::Api': [name(128)],
  'AWS::ApiGatewayV2::Integration': [value('TimeoutInMillis', 50, 30_000)],
  'AWS::ApiGatewayV2::Stage': [name(128, 'StageName')],
  'AWS::CloudWatch::Alarm': [
    name(255, 'AlarmName'),
    name(1024, 'AlarmDescription'),
    { path: ['AlarmActions'], most: 5 },
    { path: ['OKActions'], most: 5 },
    { path: ['Dimensions'], most: 30 },
    { path: ['Metrics'], most: 20 },
  ],
  'AWS::CloudWatch::Dashboard': [name(255, 'DashboardName')],
  'AWS::Cognito::UserPool': [name(128, 'UserPoolName')],
  'AWS::Cognito::UserPoolClient': [
    name(128, 'ClientName'),
    { path: ['CallbackURLs'], most: 100 },
    { path: ['LogoutURLs'], most: 100 },
  ],
  'AWS::Cognito::UserPoolDomain': [name(63, 'Domain')],
  'AWS::Cognito::UserPoolGroup': [name(128, 'GroupName'), name(2048, 'Description')],
  'AWS::DynamoDB::Table': [
    { ...name(255, 'TableName'), least: 3 },
    { path: ['GlobalSecondaryIndexes'], most: 20 },
    { path: ['LocalSecondaryIndexes'], most: 5 },
    { path: ['GlobalSecondaryIndexes', '*', 'Projection', 'NonKeyAttributes'], most: 20 },
  ],
  'AWS::Events::Rule': [
    name(64),
    name(512, 'Description'),
    { path: ['Targets'], most: 5 },
    { path: ['Targets', '*', 'Id'], most: 64, least: 1 },
    value('Targets.*.RetryPolicy.MaximumRetryAttempts', 0, 185),
    value('Targets.*.RetryPolicy.MaximumEventAgeInSeconds', 60, 86_400),
  ],
  'AWS::IAM::Role': [
    name(64, 'RoleName'),
    name(1000, 'Description'),
    { path: ['ManagedPolicyArns'], most: 10 },
    value('MaxSessionDuration', 3600, 43_200),
  ],
  'AWS::KMS::Key': [name(8192, 'Description'), value('PendingWindowInDays', 7, 30)],
  'AWS::Lambda::EventInvokeConfig': [
    value('MaximumRetryAttempts', 0, 2),
    value('MaximumEventAgeInSeconds', 60, 21_600),
  ],
  'AWS::Lambda::EventSourceMapping': [
    value('BatchSize', 1, 10_000),
    value('MaximumBatchingWindowInSeconds', 0, 300),
    value('ParallelizationFactor', 1, 10),
    value('MaximumRetryAttempts', -1, 10_000),
    value('ScalingConfig.MaximumConcurrency', 2, 1000),
  ],
  'AWS::Lambda::Function': [
    name(64, 'FunctionName'),
    name(256, 'Description'),
    value('MemorySize', 128, 10_240),
    value('Timeout', 1, 900),
    { path: ['Layers'], most: 5 },
  ],
  'AWS::Logs::LogGroup': [name(512, 'LogGroupName')],
  'AWS::Scheduler::Schedule': [name(64), name(512, 'Description')],
  'AWS::SecretsManager::Secret': [
    name(512),
    name(2048, 'Description'),
    value('GenerateSecretString.PasswordLength', 1, 4096),
  ],
  'AWS::SNS::Topic': [name(256, 'TopicName'), name(100, 'DisplayName')],
  'AWS::SQS::Queue': [
    name(80, 'QueueName'),
    value('VisibilityTimeout', 0, 43_200),
    value('MessageRetentionPeriod', 60, 1_209_600),
    value('DelaySeconds', 0, 900),
    value('ReceiveMessageWaitTimeSeconds', 0, 20),
    value('RedrivePolicy.maxReceiveCount', 1, 1000),
  ],
  'AWS::StepFunctions::StateMachine': [name(80, 'StateMachineName')],
};

/** The most characters of a document, as compact JSON. */
export const documentLimits: readonly { type: string; property: string; most: number }[] = [
  { type: 'AWS::ApiGatewayV2::Stage', property: 'AccessLogSettings', most: 3072 },
  { type: 'AWS::Events::Rule', property: 'EventPattern', most: 2048 },
  { type: 'AWS::IAM::Role', property: 'AssumeRolePolicyDocument', most: 2048 },
  { type: 'AWS::IAM::ManagedPolicy', property: 'PolicyDocument', most: 6144 },
  { type: 'AWS::KMS::Key', property: 'KeyPolicy', most: 32_768 },
  { type: 'AWS::Lambda::Function', property: 'Environment', most: 4096 },
  { type: 'AWS::SNS::TopicPolicy', property: 'PolicyDocument', most: 30_720 },
  { type: 'AWS::SQS::QueuePolicy', property: 'PolicyDocument', most: 8192 },
  { type: 'AWS::StepFunctions::StateMachine', property: 'DefinitionString', most: 1_048_576 },
];

/** The most resources of a type in one account or API, without asking AWS for more. */
export const countLimits: Readonly<Record<string, number>> = {
  'AWS::ApiGatewayV2::Authorizer': 10,
  'AWS::ApiGatewayV2::Integration': 300,
  'AWS::ApiGatewayV2::Route': 300,
  'AWS::Events::Rule': 100,
  'AWS::IAM::Role': 1000,
  'AWS::SNS::Topic': 1000,
};

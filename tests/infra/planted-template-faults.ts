import type { Subject } from '../../infra/check/model.ts';
import { resourceIn, setting, replaced, type PlantedFault } from './planted-faults.ts';

const aFunction = 'AWS::Lambda::Function';
const aTable = 'AWS::DynamoDB::Table';
const aMachine = 'AWS::StepFunctions::StateMachine';
const aPermission = 'AWS::Lambda::Permission';

/** Changes the source of the first permission. */
const inPermission = (from: string, to: string) => (subject: Subject) => {
  const { properties } = resourceIn(subject, aPermission);
  properties['SourceArn'] = replaced(properties['SourceArn'] ?? null, from, to);
};

/** Faults for which CloudFormation would refuse a template, or a service a resource. */
export const templateFaults: readonly PlantedFault[] = [
  {
    title: 'a property that the type does not have',
    check: 'properties',
    change: setting(aFunction, 'api/about/health', 'Timeouts', 3),
    says: /Timeouts: is no property of this type/,
  },
  {
    title: 'a nested property that the type does not have',
    check: 'properties',
    change: setting(aTable, 'Bookings', 'TimeToLiveSpecification', { AttributName: 'ttl', Enabled: true }),
    says: /TimeToLiveSpecification.AttributName: is no property/,
  },
  {
    title: 'a type that does not exist',
    check: 'properties',
    change: (subject) => void (resourceIn(subject, aTable).resource.Type = 'AWS::DynamoDB::Tabel'),
    says: /AWS::DynamoDB::Tabel does not exist/,
  },
  {
    title: 'a required property that is missing',
    check: 'properties',
    change: setting(aFunction, 'api/about/health', 'Role', undefined),
    says: /Role: is required and missing/,
  },
  {
    title: 'a text where a number belongs',
    check: 'properties',
    change: setting(aFunction, 'api/about/health', 'MemorySize', 'much'),
    says: /MemorySize: is not a whole number/,
  },
  {
    title: 'a list where a text belongs',
    check: 'properties',
    change: setting(aFunction, 'api/about/health', 'Handler', { 'Fn::Split': [',', 'a,b'] }),
    says: /Handler: is Fn::Split, which returns a list/,
  },
  {
    title: 'a value that is not among the allowed ones',
    check: 'properties',
    change: setting(aMachine, '', 'StateMachineType', 'SLOW'),
    says: /StateMachineType: is "SLOW", not one of STANDARD, EXPRESS/,
  },
  {
    title: 'a property that only AWS sets',
    check: 'properties',
    change: setting(aFunction, 'api/about/health', 'Arn', 'arn:aws:lambda:us-east-1:123456789012:function:x'),
    says: /Arn: is set by AWS/,
  },
  {
    title: 'an attribute that the type does not have',
    check: 'references',
    change: (subject) => {
      const { resource } = resourceIn(subject, aFunction, 'api/about/health');
      resource.Properties = replaced(resource.Properties ?? {}, '"Arn"]', '"Name"]');
    },
    says: /AWS::IAM::Role has no attribute Name/,
  },
  {
    title: 'a reference to a resource that does not exist',
    check: 'references',
    change: setting(aFunction, 'api/about/health', 'Description', { Ref: 'Nothing' }),
    says: /refers to Nothing, which does not exist/,
  },
  {
    title: 'a substitution of a resource that does not exist',
    check: 'references',
    change: setting(aFunction, 'api/about/health', 'Description', { 'Fn::Sub': 'on ${Nothing.Arn}' }),
    says: /refers to Nothing.Arn/,
  },
  {
    title: 'an export that no stack has',
    check: 'references',
    change: (subject) => {
      const data = subject.stacks.find(({ stackName }) => stackName.endsWith('Data'));
      for (const output of Object.values(data?.Outputs ?? {})) delete output.Export;
    },
    says: /imports ".*", which no stack exports/,
  },
  {
    title: 'two resources that need each other',
    check: 'order',
    change: (subject) => {
      const { stack, logicalId } = resourceIn(subject, aFunction, 'api/about/health');
      const role = Object.keys(stack.Resources).find((id) => id.startsWith('ApiAboutHealthRole'));
      const needed = stack.Resources[role ?? ''];
      if (needed) needed.DependsOn = logicalId;
    },
    says: /a circular dependency: .*ApiAboutHealth/,
  },
  {
    title: 'a stack that is deployed before what it reads',
    check: 'order',
    change: (subject) => ({ ...subject, stacks: subject.stacks.map((stack) => ({ ...stack, after: [] })) }),
    says: /reads values of .*-Data, but CDK does not deploy that stack before/,
  },
  {
    title: 'a permission with one slash too many',
    check: 'permissions',
    change: (subject) => {
      for (const { Resources } of subject.stacks)
        for (const [id, { Type, Properties }] of Object.entries(Resources))
          if (Type === 'AWS::Lambda::Permission' && JSON.stringify(Properties).includes('/*/$default'))
            Resources[id] = { Type, Properties: replaced(Properties ?? {}, '/*/$default', '/*/*/*') };
    },
    says: /apigateway may not call .*\$default/,
  },
  {
    title: 'a permission for another account',
    check: 'permissions',
    change: inPermission('{"Ref":"AWS::AccountId"}', '"999999999999"'),
    says: /apigateway may not call/,
  },
  {
    title: 'a permission for every account',
    check: 'permissions',
    change: inPermission('{"Ref":"AWS::AccountId"}', '"*"'),
    says: /lets in every account: arn:/,
  },
  {
    title: 'a permission for any source',
    check: 'permissions',
    change: setting(aPermission, '', 'SourceArn', undefined),
    says: /has no SourceArn/,
  },
  {
    title: 'a permission for somebody else’s API',
    check: 'permissions',
    change: (subject) => {
      const { stack, properties } = resourceIn(subject, aPermission);
      const SourceArn = 'arn:aws:execute-api:eu-central-1:999999999999:another/*/*';
      stack.Resources['Another'] = { Type: aPermission, Properties: { ...properties, SourceArn } };
    },
    says: /lets in arn:aws:execute-api:.*another.*, which is no resource/,
  },
  {
    title: 'a queue policy that lets no topic in',
    check: 'permissions',
    change: setting('AWS::SQS::QueuePolicy', 'SendEmailQueue', 'PolicyDocument', {
      Version: '2012-10-17',
      Statement: [],
    }),
    says: /sns may not call .*SendEmail/,
  },
  {
    title: 'more resources than a stack should have',
    check: 'limits-of-templates',
    change: (subject) => {
      const { stack } = resourceIn(subject, aMachine);
      for (let n = 0; n < 400; n++) stack.Resources[`Queue${n}`] = { Type: 'AWS::SQS::Queue' };
    },
    says: /has 5\d\d resources, more than 400/,
  },
  {
    title: 'a template that is too large',
    check: 'limits-of-templates',
    change: (subject) => ({
      ...subject,
      stacks: subject.stacks.map((stack) => ({ ...stack, bytes: 1_100_000 })),
    }),
    says: /1100000 bytes of template/,
  },
  {
    title: 'a function that may run for longer than Lambda lets it',
    check: 'limits-of-properties',
    change: setting(aFunction, 'schedule/clean-up', 'Timeout', 901),
    says: /Timeout: has 901, more than 900/,
  },
  {
    title: 'a description that is too long',
    check: 'limits-of-properties',
    change: setting(aFunction, 'api/about/health', 'Description', 'a'.repeat(257)),
    says: /Description: has 257 characters/,
  },
  {
    title: 'too many indexes',
    check: 'limits-of-properties',
    change: setting(
      aTable,
      'Bookings',
      'GlobalSecondaryIndexes',
      Array.from({ length: 21 }, (_, n) => ({ IndexName: `index${n}` })),
    ),
    says: /GlobalSecondaryIndexes: has 21 entries, more than 20/,
  },
  {
    title: 'a policy that is too large for its role',
    check: 'limits-of-documents',
    change: setting('AWS::IAM::Policy', 'ApiAboutHealth', 'PolicyDocument', {
      Statement: ['x'.repeat(10_300)],
    }),
    says: /characters in the inline policies of a role/,
  },
  {
    title: 'an environment that is too large for its function',
    check: 'limits-of-documents',
    change: setting(aFunction, 'api/about/health', 'Environment', { Variables: { NAME: 'x'.repeat(4100) } }),
    says: /Environment: has 41\d\d characters, more than 4096/,
  },
];

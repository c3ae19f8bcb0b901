import { join } from 'node:path';
import * as z from 'zod';
import { makeDeployment } from '../../../infra/local/template/deployment.ts';
import { writeJson } from '../../../infra/local/run/local-files.ts';
import {
  readTemplates,
  type Resource,
  type StackTemplate,
  type TemplateValue,
} from '../../../infra/local/template/template.ts';
import { temporaryFolder } from './temporary.ts';

const addresses = { api: 'http://api', issuer: 'http://issuer', sqs: 'http://sqs' };
const queue: Resource = { Type: 'AWS::SQS::Queue' };

const data: StackTemplate = {
  stackName: 'Data',
  Resources: { Items: { Type: 'AWS::DynamoDB::Table', Properties: {} } },
  Outputs: { Out: { Value: { 'Fn::GetAtt': ['Items', 'StreamArn'] }, Export: { Name: 'Data:Stream' } } },
};

/** What a property of a topic becomes. */
const resolved = (value: TemplateValue, more: Partial<StackTemplate> = {}) => {
  const Resources = { Topic: { Type: 'AWS::SNS::Topic', Properties: { Value: value } }, Queue: queue };
  const deployment = makeDeployment([data, { stackName: 'Service', Resources, ...more }], addresses);
  return deployment.one('AWS::SNS::Topic', z.object({ Value: z.unknown() })).properties.Value;
};

it('stacks that a synthesis has not written are left alone, whatever lies beside it', () => {
  const folder = temporaryFolder();
  const stack = (name: string) => ({
    [name]: { type: 'aws:cloudformation:stack', properties: { templateFile: `${name}.template.json` } },
  });
  writeJson(join(folder, 'manifest.json'), {
    artifacts: { ...stack('New'), 'New.assets': { type: 'cdk:asset-manifest', properties: {} } },
  });
  for (const name of ['Old', 'New']) writeJson(join(folder, `${name}.template.json`), { Resources: {} });
  expect(readTemplates(folder)).toEqual([{ stackName: 'New', Resources: {} }]);
  expect(() => readTemplates(temporaryFolder())).toThrow(/synthesize first/);
});

it.each<[TemplateValue, unknown]>([
  [{ Ref: 'Queue' }, 'http://sqs/000000000000/Queue'],
  [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:aws:sqs:us-east-1:000000000000:Queue'],
  [{ 'Fn::ImportValue': 'Data:Stream' }, 'arn:aws:dynamodb:us-east-1:000000000000:table/Items/stream/local'],
  [{ 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }]] }, 'a-us-east-1'],
  [{ 'Fn::Sub': '${Queue.QueueName}/${AWS::AccountId}/${!kept}' }, 'Queue/000000000000/${kept}'],
  [{ 'Fn::Sub': ['${a}', { a: { Ref: 'AWS::Partition' } }] }, 'aws'],
  [{ 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b'] }] }, 'b'],
  [{ 'Fn::If': ['IsOn', 'yes', 'no'] }, 'yes'],
  [{ a: { Ref: 'AWS::NoValue' }, b: [{ Ref: 'AWS::NoValue' }, 1] }, { b: [1] }],
])('%j is resolved', (value, expected) => {
  expect(resolved(value, { Conditions: { IsOn: { 'Fn::Equals': ['a', 'a'] } } })).toEqual(expected);
});

it.each<[TemplateValue, RegExp]>([
  [{ Ref: 'Nothing' }, /Service: cannot resolve Ref Nothing/],
  [{ 'Fn::GetAtt': ['Queue', 'Colour'] }, /cannot resolve Fn::GetAtt Queue.Colour \(AWS::SQS::Queue\)/],
  [{ 'Fn::ImportValue': 'Nowhere' }, /cannot resolve Fn::ImportValue Nowhere/],
  [{ 'Fn::Transform': 'x' }, /cannot resolve Fn::Transform/],
])('%j is an error', (value, message) => {
  expect(() => resolved(value)).toThrow(message);
});

it('a resource that cannot be run here is an error that names it', () => {
  const Resources = { Cache: { Type: 'AWS::ElastiCache::CacheCluster' } };
  expect(() => makeDeployment([{ stackName: 'Service', Resources }], addresses)).toThrow(
    /Service\/Cache: the local run does not know AWS::ElastiCache::CacheCluster/,
  );
});

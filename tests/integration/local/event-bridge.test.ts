import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEventBridge } from '../../../infra/local/messaging/event-bridge.ts';
import { startClock } from '../../../infra/local/run/local-clock.ts';
import { makeDeployment } from '../../../infra/local/template/deployment.ts';
import type { Resource } from '../../../infra/local/template/template.ts';
import { fakeFunction, silent } from './fake-function.ts';
import { temporaryFolder } from './temporary.ts';

const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const topicArn = 'arn:aws:sns:us-east-1:000000000000:Topic';

const rule = (properties: object): Resource => ({ Type: 'AWS::Events::Rule', Properties: { ...properties } });
const permission = (name: string, of: string): Resource => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    Action: 'lambda:InvokeFunction',
    FunctionName: arnOf(name),
    Principal: 'events.amazonaws.com',
    SourceArn: { 'Fn::GetAtt': [of, 'Arn'] },
  },
});
const role = (callable: string): Resource => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    Policies: [
      {
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: callable }],
        },
      },
    ],
  },
});
const schedule = (target: string, roleId: string): Resource => ({
  Type: 'AWS::Scheduler::Schedule',
  Properties: {
    ScheduleExpression: 'rate(1 minute)',
    Target: { Arn: arnOf(target), RoleArn: { 'Fn::GetAtt': [roleId, 'Arn'] } },
  },
});

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** The functions that were called after this event, or after this time, and what was said. */
const called = async (Resources: Record<string, Resource>, wait: 'event' | 'ticks') => {
  const calls: string[] = [];
  const said: string[] = [];
  const clock = startClock(join(temporaryFolder(), 'clock.json'), { scale: 100, hasData: false });
  const settings = { region: 'us-east-1', endpoint: 'http://127.0.0.1:1' };
  const bridge = startEventBridge(
    makeDeployment([{ stackName: 'Test', Resources }], { api: '', issuer: '', sqs: '' }),
    {
      clock,
      sns: new SNSClient(settings),
      sqs: new SQSClient(settings),
      functionOf: (arn) => fakeFunction(arn, () => void calls.push(arn.split(':').at(-1) ?? '')),
      queueUrlOf: (arn) => arn,
      log: { ...silent, say: (line) => void said.push(line) },
    },
  );
  stops.push(async () => {
    clock.stop();
    await bridge.stop();
  });
  if (wait === 'event') bridge.publish({ source: 'tests', detailType: 'Test', resources: [], detail: {} });
  await sleep(wait === 'event' ? 50 : 800);
  return { calls: [...new Set(calls)], said: [...new Set(said)] };
};

it('a rule calls the function that lets it in, and no function or topic that does not', async () => {
  const pattern = { EventPattern: { source: ['tests'] } };
  const { calls, said } = await called(
    {
      Good: rule({ ...pattern, Targets: [{ Arn: arnOf('good') }, { Arn: arnOf('bad') }, { Arn: topicArn }] }),
      Other: rule({ Targets: [] }),
      Topic: { Type: 'AWS::SNS::Topic' },
      MayGood: permission('good', 'Good'),
      MayBad: permission('bad', 'Other'),
    },
    'event',
  );
  expect(calls).toEqual(['good']);
  expect(said).toEqual([
    expect.stringMatching(/events may not call .*:bad for .*rule\/Good/),
    expect.stringMatching(
      /events may not call .*:Topic for .*rule\/Good: its policy does not allow sns:Publish/,
    ),
  ]);
});

it('a schedule calls what its role may call', async () => {
  const { calls, said } = await called(
    {
      Good: schedule('good', 'Role'),
      Bad: schedule('bad', 'Role'),
      Role: role(arnOf('good')),
    },
    'ticks',
  );
  expect(calls).toEqual(['good']);
  expect(said).toEqual([expect.stringMatching(/role\/Role lacks lambda:InvokeFunction on .*:bad/)]);
});

import { PublishCommand } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, type Message } from '@aws-sdk/client-sqs';
import { join } from 'node:path';
import { makeDeployment } from '../../../infra/local/template/deployment.ts';
import {
  createMessaging,
  startMessaging,
  type LocalMessaging,
} from '../../../infra/local/messaging/messaging.ts';
import { freePort } from '../../../infra/local/run/ports.ts';
import type { Resource } from '../../../infra/local/template/template.ts';
import { silent } from './fake-function.ts';
import { temporaryFolder } from './temporary.ts';

const folder = join(temporaryFolder(), 'queues');
const TopicArn = 'arn:aws:sns:us-east-1:000000000000:Events';
let messaging: LocalMessaging;

const subscription = (event: string): Resource => ({
  Type: 'AWS::SNS::Subscription',
  Properties: {
    TopicArn: { Ref: 'Events' },
    Protocol: 'sqs',
    Endpoint: { 'Fn::GetAtt': ['Work', 'Arn'] },
    FilterPolicy: { event: [event] },
    RawMessageDelivery: true,
  },
});

/** Lets a topic send to the queue. */
const policy = (source: string): Resource => ({
  Type: 'AWS::SQS::QueuePolicy',
  Properties: {
    Queues: [{ Ref: 'Work' }],
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'sns.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: { 'Fn::GetAtt': ['Work', 'Arn'] },
          Condition: { ArnEquals: { 'aws:SourceArn': source } },
        },
      ],
    },
  },
});

const said: string[] = [];

const open = async (event: string, lets = TopicArn) => {
  messaging = await startMessaging(await freePort(), folder);
  const Resources: Record<string, Resource> = {
    Events: { Type: 'AWS::SNS::Topic' },
    Dead: { Type: 'AWS::SQS::Queue' },
    Work: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: 600,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 5 },
      },
    },
    Subscription: subscription(event),
    Policy: policy(lets),
  };
  const addresses = { api: '', issuer: '', sqs: messaging.endpoint };
  await createMessaging(makeDeployment([{ stackName: 'Test', Resources }], addresses), messaging, {
    ...silent,
    say: (line) => void said.push(line),
  });
};
afterEach(() => messaging.stop());

const publish = (event: string) =>
  messaging.sns.send(
    new PublishCommand({
      TopicArn,
      Message: `{"event":"${event}"}`,
      MessageAttributes: { event: { DataType: 'String', StringValue: event } },
    }),
  );

const receive = async (): Promise<Message[]> => {
  const QueueUrl = `${messaging.endpoint}/000000000000/Work`;
  const { Messages = [] } = await messaging.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 }),
  );
  return Messages;
};

it('an event reaches the queues that want it, as it is', async () => {
  await open('held');
  await publish('held');
  await publish('issued');
  expect((await receive()).map(({ Body }) => Body)).toEqual(['{"event":"held"}']);
});

it('what was being worked on when a run ended is there again in the next, which may want other events', async () => {
  await open('held');
  expect((await receive()).map(({ Body }) => Body)).toEqual(['{"event":"held"}']);
  await messaging.stop();
  await open('issued');
  expect((await receive()).map(({ Body }) => Body)).toEqual(['{"event":"held"}']);
  await publish('held');
  await publish('issued');
  expect((await receive()).map(({ Body }) => Body)).toEqual(['{"event":"issued"}']);
});

it('a topic that the queue does not let in delivers nothing, even if the last run delivered', async () => {
  await open('paid');
  await publish('paid');
  while (!(await receive()).some(({ Body }) => Body?.includes('paid')));
  await messaging.stop();
  said.length = 0;
  await open('paid', `${TopicArn}Other`);
  await publish('paid');
  const ids = new Set<string | undefined>();
  for (const end = Date.now() + 3000; Date.now() < end;)
    for (const { Body, MessageId } of await receive()) if (Body?.includes('paid')) ids.add(MessageId);
  // The message of the last run is visible again, and no other.
  expect(ids.size).toBe(1);
  expect(said).toEqual([expect.stringMatching(/sns may not call .*:Work for .*:Events: .*sqs:SendMessage/)]);
}, 30_000);

it('listens on this machine alone', () => {
  expect(messaging.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:/);
});

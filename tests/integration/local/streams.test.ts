import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Mapping } from '../../../infra/local/messaging/event-source-mapping.ts';
import { makeDeployment } from '../../../infra/local/template/deployment.ts';
import {
  createMessaging,
  startMessaging,
  type LocalMessaging,
} from '../../../infra/local/messaging/messaging.ts';
import { freePort } from '../../../infra/local/run/ports.ts';
import { startStreamPoller } from '../../../infra/local/tables/stream-poller.ts';
import { testTables, type TestTables } from '../../support/dynamo.ts';
import { fakeFunction, silent } from './fake-function.ts';
import { temporaryFolder } from './temporary.ts';

type StreamEvent = { Records: { dynamodb: { SequenceNumber: string; Keys: { pk: { S: string } } } }[] };

const folder = temporaryFolder();
let tables: TestTables;
let messaging: LocalMessaging;
let dynamo: DynamoDBClient;
let deadLettersUrl: string;

beforeAll(async () => {
  tables = await testTables();
  dynamo = new DynamoDBClient({
    endpoint: tables.endpoint,
    region: 'local',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const port = await freePort();
  messaging = await startMessaging(port, join(folder, 'queues'));
  const template = { stackName: 'Test', Resources: { DeadLetters: { Type: 'AWS::SQS::Queue' } } };
  const deployment = makeDeployment([template], { api: '', issuer: '', sqs: messaging.endpoint });
  await createMessaging(deployment, messaging, silent);
  deadLettersUrl = `${messaging.endpoint}/000000000000/DeadLetters`;
});
afterAll(async () => {
  dynamo.destroy();
  await messaging.stop();
  await tables.stop();
});

const mapping = (change: Partial<Mapping> = {}): Mapping => ({
  EventSourceArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/Inventory/stream/local',
  FunctionName: 'consumer',
  BatchSize: 10,
  MaximumBatchingWindowInSeconds: 0,
  BisectBatchOnFunctionError: true,
  MaximumRetryAttempts: -1,
  FunctionResponseTypes: ['ReportBatchItemFailures'],
  Enabled: true,
  ...change,
});

const write = async (...keys: string[]) => {
  for (const pk of keys)
    await tables.inventory.client.send(new PutCommand({ TableName: tables.inventory.name, Item: { pk } }));
};

/** A poller that goes on where the last one with the same name was; `work` says what becomes of a key. */
const poll = (name: string, work: (key: string) => void, change: Partial<Mapping> = {}) => {
  const seen: string[] = [];
  const consumer = fakeFunction('consumer', ({ Records }: StreamEvent) => {
    for (const record of Records) {
      const key = record.dynamodb.Keys.pk.S;
      try {
        work(key);
      } catch {
        return { batchItemFailures: [{ itemIdentifier: record.dynamodb.SequenceNumber }] };
      }
      seen.push(key);
    }
    return { batchItemFailures: [] };
  });
  const poller = startStreamPoller(mapping(change), consumer, {
    dynamo,
    dynamoEndpoint: tables.endpoint,
    tableName: tables.inventory.name,
    checkpointFile: join(folder, `${name}.json`),
    sqs: messaging.sqs,
    queueUrlOf: () => deadLettersUrl,
    log: silent,
  });
  const until = async (key: string) => {
    while (!seen.includes(key)) await sleep(20);
  };
  return { ...poller, seen, until };
};

const fine = () => undefined;

it('a poller that starts again goes on where it was, and misses nothing written meanwhile', async () => {
  await write('a1', 'a2');
  const first = poll('restart', fine);
  await first.until('a2');
  await first.stop();
  await write('a3', 'a4');
  const second = poll('restart', fine);
  await second.until('a4');
  await second.stop();
  expect([...first.seen, ...second.seen].filter((key) => key.startsWith('a'))).toEqual([
    'a1',
    'a2',
    'a3',
    'a4',
  ]);
});

it('what a stop interrupts is delivered again', async () => {
  const first = poll('interrupted', (key) => {
    if (key === 'b2') throw new Error('not yet');
  });
  await write('b1', 'b2', 'b3');
  await first.until('b1');
  await first.stop();
  const second = poll('interrupted', fine);
  await second.until('b3');
  await second.stop();
  expect(second.seen.filter((key) => key.startsWith('b'))).toEqual(expect.arrayContaining(['b2', 'b3']));
});

it('order is kept: nothing behind a failing record is delivered before it', async () => {
  let failures = 3;
  const poller = poll('order', (key) => {
    if (key === 'c2' && (failures -= 1) >= 0) throw new Error('not yet');
  });
  await write('c1', 'c2', 'c3');
  await poller.until('c3');
  await poller.stop();
  expect(poller.seen.filter((key) => key.startsWith('c'))).toEqual(['c1', 'c2', 'c3']);
});

it('a record that never succeeds is given up alone, and its place is kept', async () => {
  const poller = poll(
    'poison',
    (key) => {
      if (key === 'd2') throw new Error('never');
    },
    { MaximumRetryAttempts: 1, DestinationConfig: { OnFailure: { Destination: 'dead' } } },
  );
  await write('d1', 'd2', 'd3');
  await poller.until('d3');
  await poller.stop();
  expect(poller.seen.filter((key) => key.startsWith('d'))).toEqual(['d1', 'd3']);
  const { Messages = [] } = await messaging.sqs.send(new ReceiveMessageCommand({ QueueUrl: deadLettersUrl }));
  expect(JSON.parse(Messages[0]?.Body ?? '{}')).toMatchObject({
    requestContext: { condition: 'RetryAttemptsExhausted' },
    DDBStreamBatchInfo: { batchSize: 1 },
  });
});

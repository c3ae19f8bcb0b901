import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTables, startDynamo, type LocalDynamo } from '../../../infra/local/tables/dynamodb.ts';
import { startStreamPoller } from '../../../infra/local/tables/stream-poller.ts';
import {
  startTrimming,
  type StreamPlace,
  type StreamTrimmer,
} from '../../../infra/local/tables/stream-trimmer.ts';
import { documentClient } from '../../../shared/platform/dynamo.ts';
import { fakeFunction, silent } from './fake-function.ts';
import { temporaryFolder } from './temporary.ts';

// Writes a thousand records, one transaction after the other.
jest.setTimeout(90_000);

const folder = temporaryFolder();
const dbPath = join(folder, 'dynamodb.sqlite');
const names = ['Read', 'Other'] as const;
let dynamo: LocalDynamo;
let base: DynamoDBClient;
const trimmers: StreamTrimmer[] = [];

const table = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
  },
};

const start = async () => {
  dynamo = await startDynamo({ dbPath });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  // A write that the emulator refuses is to be seen, not tried again.
  base = new DynamoDBClient({ endpoint: dynamo.endpoint, region: 'local', credentials, maxAttempts: 1 });
  await createTables(base, [{ Resources: { Read: table, Other: table } }]);
};
const end = async () => {
  base.destroy();
  await dynamo.stop();
};
beforeAll(start);
afterEach(() => {
  for (const trimmer of trimmers.splice(0)) trimmer.stop();
});
afterAll(end);

const put = (name: string, pk: string) =>
  documentClient(base).send(new PutCommand({ TableName: name, Item: { pk, text: 'x'.repeat(200) } }));
const putMany = async (name: string, count: number) => {
  for (let n = 0; n < count; n += 1) await put(name, `key ${n % 50}`);
};

/** Numbers of the records that are left, oldest first, as the emulator has them in its file. */
const left = (name: string): number[] => {
  const database = new DatabaseSync(dbPath, { readOnly: true });
  const rows = database
    .prepare('SELECT sequence_number AS number FROM _stream_records WHERE table_name = ? ORDER BY id')
    .all(name);
  database.close();
  return rows.map(({ number }) => Number(number));
};

const trimming = (...readers: StreamPlace[]): StreamTrimmer => {
  const trimmer = startTrimming(dbPath, readers, silent);
  trimmers.push(trimmer);
  return trimmer;
};
const at = (tableName: string, position: number | undefined): StreamPlace => ({
  tableName,
  position: () => position?.toString(),
});
const all = (trimmer: StreamTrimmer): number => {
  const count = trimmer.trim();
  return count === 0 ? 0 : count + all(trimmer);
};

it('what every reader has passed goes, and nothing that one has still to read', async () => {
  for (const name of names) await putMany(name, 30);
  all(trimming(at('Read', 12), at('Read', 20), at('Other', undefined)));
  expect(left('Read')[0]).toBe(13);
  expect(left('Read')).toHaveLength(18);
  expect(left('Other')).toHaveLength(30);
  all(trimming(at('Read', 25), at('Read', undefined)));
  expect(left('Read')[0]).toBe(13);
});

it('the newest record stays, so that numbers go on where they were, also after a restart', async () => {
  all(trimming(at('Read', 30), at('Other', 30)));
  expect([left('Read'), left('Other')]).toEqual([[30], [30]]);
  await end();
  await start();
  await putMany('Read', 2);
  expect(left('Read')).toEqual([30, 31, 32]);
});

it('many at once go a part at a time', async () => {
  const database = new DatabaseSync(dbPath);
  const insert = database.prepare(`INSERT INTO _stream_records
    (table_name, event_name, keys_json, sequence_number, shard_id, created_at)
    VALUES ('Other', 'INSERT', '{}', ?, 'shardId-00000001-Other', 0)`);
  database.exec('BEGIN IMMEDIATE');
  for (let n = 31; n <= 5000; n += 1) insert.run(String(n));
  database.exec('COMMIT');
  database.close();
  const trimmer = trimming(at('Other', 5000));
  expect([trimmer.trim(), trimmer.trim(), trimmer.trim(), trimmer.trim()]).toEqual([2000, 2000, 970, 0]);
  expect(left('Other')).toEqual([5000]);
});

/** A reader of the stream that goes on where the last one was; `seen` are the numbers of its records. */
const read = (isGood: () => boolean = () => true) => {
  const seen: number[] = [];
  const consumer = fakeFunction('consumer', ({ Records }: { Records: { dynamodb: object }[] }) => {
    if (!isGood()) throw new Error('not now');
    seen.push(
      ...Records.map(({ dynamodb }) => Number((dynamodb as { SequenceNumber: string }).SequenceNumber)),
    );
  });
  const mapping = {
    EventSourceArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/Read/stream/local',
    FunctionName: 'consumer',
    BatchSize: 7,
    MaximumBatchingWindowInSeconds: 0,
    BisectBatchOnFunctionError: false,
    MaximumRetryAttempts: -1,
    FunctionResponseTypes: [],
    Enabled: true,
  };
  const poller = startStreamPoller(mapping, consumer, {
    dynamo: base,
    dynamoEndpoint: dynamo.endpoint,
    tableName: 'Read',
    checkpointFile: join(folder, 'reader.json'),
    sqs: undefined as never,
    queueUrlOf: (arn) => arn,
    log: silent,
  });
  return { poller, seen };
};

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

it('a reader sees each record once and in order while streams are trimmed and written at once', async () => {
  const first = left('Read')[0]!;
  const { poller, seen } = read();
  const trimmer = trimming(poller);
  let isWriting = true;
  const trims = (async () => {
    while (isWriting || left('Read').length > 1) {
      trimmer.trim();
      await sleep(1);
    }
  })();
  const writers = range(1, 4).map(async (writer) => {
    for (let n = 0; n < 60; n += 1) {
      const items = ['a', 'b'].map((part) => ({
        Put: { TableName: 'Read', Item: { pk: `${writer}-${n}-${part}` } },
      }));
      await documentClient(base).send(new TransactWriteCommand({ TransactItems: items }));
    }
  });
  await Promise.all(writers);
  isWriting = false;
  await trims;
  await poller.stop();
  // What was written is in the stream whole, and all but the newest has been removed.
  const last = left('Read')[0]!;
  expect(left('Read')).toEqual([last]);
  expect(seen).toEqual(range(first, last));
  expect(last - 32).toBe(4 * 60 * 2);
});

it('what a reader could not deal with is there after everything was killed', async () => {
  const [newest] = left('Read');
  let isGood = true;
  const before = read(() => isGood);
  await putMany('Read', 20);
  while (before.seen.length < 20) await sleep(10);
  isGood = false;
  await putMany('Read', 30);
  const trimmer = trimming(before.poller);
  all(trimmer);
  await before.poller.stop();
  trimmer.stop();
  trimmers.length = 0;
  await end();
  await start();
  const after = read();
  while (after.seen.at(-1) !== newest! + 50) await sleep(10);
  await after.poller.stop();
  expect(after.seen).toEqual(range(newest! + 21, newest! + 50));
});

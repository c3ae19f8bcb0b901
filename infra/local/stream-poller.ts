import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { _Record } from '@aws-sdk/client-dynamodb-streams';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { Mapping, Pollers } from './event-source-mapping.ts';
import { failedItems } from './failed-items.ts';
import { region } from './identities.ts';
import type { LocalFunction } from './lambda.ts';
import { readJson, writeJson } from './local-files.ts';
import type { LocalLog } from './local-log.ts';
import { openStream, type StreamReader } from './stream-reader.ts';

type World = {
  dynamo: DynamoDBClient;
  dynamoEndpoint: string;
  tableName: string;
  checkpointFile: string;
  sqs: SQSClient;
  queueUrlOf(arn: string): string;
  log: LocalLog;
};

const checkpointSchema = z.object({ sequenceNumber: z.string() });

const lookEveryMilliseconds = 100;
const pauseAfterErrorMilliseconds = 1000;
const backoffMillisecondsMax = 10_000;

class Stopped extends Error {}

/**
 * Hands a table's changes to a function, in order and at least once: how far it came is written down only after the
 * function has dealt with a batch, so a restart repeats rather than skips. A trigger lives as long as its table here,
 * so one that starts at the latest record misses nothing either.
 */
export const startStreamPoller = (mapping: Mapping, target: LocalFunction, world: World): Pollers => {
  const stopped = new AbortController();
  const batchSize = mapping.BatchSize ?? 100;
  const saved = checkpointSchema.safeParse(readJson(world.checkpointFile));
  let checkpoint = saved.success ? saved.data.sequenceNumber : undefined;

  const pause = (milliseconds: number) =>
    sleep(milliseconds, undefined, { signal: stopped.signal }).catch(() => undefined);

  const passed = (records: readonly _Record[]) => {
    const sequenceNumber = sequenceOf(records.at(-1));
    if (sequenceNumber === undefined) return;
    checkpoint = sequenceNumber;
    writeJson(world.checkpointFile, { sequenceNumber });
  };

  const giveUp = async (records: readonly _Record[], attempts: number) => {
    world.log.say(`${target.settings.title}: ${records.length} stream records given up`);
    const destination = mapping.DestinationConfig?.OnFailure.Destination;
    if (destination)
      await world.sqs.send(
        new SendMessageCommand({
          QueueUrl: world.queueUrlOf(destination),
          MessageBody: JSON.stringify(placeOf(records, attempts, mapping, target)),
        }),
      );
    passed(records);
  };

  const deliver = async (records: readonly _Record[], attempt: number): Promise<void> => {
    const invocation = await target.invoke({
      Records: records.map((record) => eventRecord(record, mapping.EventSourceArn)),
    });
    if (stopped.signal.aborted) throw new Stopped();
    const failed = invocation.outcome === 'failed' ? 'all' : failedItems(mapping, invocation.payload);
    if (failed !== 'all' && failed.length === 0) return passed(records);

    // Records are dealt with in order, so the first that failed is where to go on.
    const first = failed === 'all' ? 0 : records.findIndex((one) => failed.includes(sequenceOf(one) ?? ''));
    const from = Math.max(0, first);
    passed(records.slice(0, from));
    const rest = records.slice(from);
    const divides = mapping.BisectBatchOnFunctionError && rest.length > 1;
    const isExhausted = mapping.MaximumRetryAttempts >= 0 && attempt > mapping.MaximumRetryAttempts;
    if (isExhausted && !divides) return giveUp(rest, attempt);
    await pause(Math.min(100 * 2 ** attempt, backoffMillisecondsMax));
    if (stopped.signal.aborted) throw new Stopped();
    if (!divides) return deliver(rest, attempt + 1);
    // Dividing is no attempt. A function that says which record failed has divided already.
    const middle = failed === 'all' ? Math.ceil(rest.length / 2) : 1;
    await deliver(rest.slice(0, middle), failed === 'all' ? attempt : attempt + 1);
    return deliver(rest.slice(middle), 1);
  };

  /** A batch: what is there, and what else comes within the batching window. */
  const collect = async (stream: StreamReader): Promise<_Record[]> => {
    const records = await stream.readAfter(checkpoint, batchSize);
    if (records.length === 0) return records;
    const deadline = Date.now() + mapping.MaximumBatchingWindowInSeconds * 1000;
    while (records.length < batchSize && Date.now() < deadline && !stopped.signal.aborted) {
      await pause(Math.min(lookEveryMilliseconds, deadline - Date.now()));
      records.push(...(await stream.readAfter(sequenceOf(records.at(-1)), batchSize - records.length)));
    }
    return records;
  };

  const poll = async (): Promise<void> => {
    let stream: StreamReader | undefined;
    while (!stopped.signal.aborted) {
      try {
        stream ??= await openStream(world.dynamo, world.dynamoEndpoint, world.tableName);
        const records = await collect(stream);
        if (records.length === 0) await pause(lookEveryMilliseconds);
        else await deliver(records, 1);
      } catch (error) {
        if (stopped.signal.aborted) break;
        world.log.say(`the stream of ${world.tableName} cannot be read: ${String(error)}`);
        await pause(pauseAfterErrorMilliseconds);
      }
    }
    stream?.stop();
  };

  const polling = poll();
  return {
    stop: async () => {
      stopped.abort();
      await polling;
    },
  };
};

const sequenceOf = (record: _Record | undefined): string | undefined => record?.dynamodb?.SequenceNumber;

/** A record in the shape functions get: times in seconds, bytes as base64. */
const eventRecord = (record: _Record, streamArn: string) => ({
  eventID: record.eventID,
  eventName: record.eventName,
  eventVersion: record.eventVersion,
  eventSource: 'aws:dynamodb',
  awsRegion: region,
  dynamodb: plain({
    ...record.dynamodb,
    ApproximateCreationDateTime: Math.floor(Number(record.dynamodb?.ApproximateCreationDateTime ?? 0) / 1000),
  }),
  eventSourceARN: streamArn,
});

const plain = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
};

/** What a failure destination gets: never the records, only their place. */
const placeOf = (records: readonly _Record[], attempts: number, mapping: Mapping, target: LocalFunction) => ({
  version: '1.0',
  timestamp: new Date().toISOString(),
  requestContext: {
    functionArn: target.settings.arn,
    condition: 'RetryAttemptsExhausted',
    approximateInvokeCount: attempts,
  },
  DDBStreamBatchInfo: {
    shardId: 'local',
    startSequenceNumber: sequenceOf(records[0]),
    endSequenceNumber: sequenceOf(records.at(-1)),
    batchSize: records.length,
    streamArn: mapping.EventSourceArn,
  },
});

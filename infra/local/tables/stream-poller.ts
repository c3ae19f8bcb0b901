import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { _Record } from '@aws-sdk/client-dynamodb-streams';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { Mapping, Pollers } from '../messaging/event-source-mapping.ts';
import type { LocalFunction } from '../lambda/lambda.ts';
import { readJson, writeJson } from '../run/local-files.ts';
import type { LocalLog } from '../run/local-log.ts';
import { deliver } from './stream-delivery.ts';
import { openStream, type StreamReader } from './stream-reader.ts';
import { placeOf, sequenceOf } from './stream-record.ts';
import type { StreamPlace } from './stream-trimmer.ts';

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

/** The last record that we need not read again, in a file. */
const openCheckpoint = (file: string) => {
  const saved = checkpointSchema.safeParse(readJson(file));
  let checkpoint = saved.success ? saved.data.sequenceNumber : undefined;
  return {
    last: () => checkpoint,
    passed: (records: readonly _Record[]) => {
      const sequenceNumber = sequenceOf(records.at(-1));
      if (sequenceNumber === undefined) return;
      checkpoint = sequenceNumber;
      writeJson(file, { sequenceNumber });
    },
  };
};

/**
 * Passes a table's changes to a function, in order and at least once: it stores its position only after the function
 * has handled a batch, so a restart repeats records rather than skips them. Here a trigger exists as long as its table,
 * so a trigger that starts at the latest record misses nothing either.
 */
export const startStreamPoller = (
  mapping: Mapping,
  target: LocalFunction,
  world: World,
): Pollers & StreamPlace => {
  const stopped = new AbortController();
  const batchSize = mapping.BatchSize ?? 100;
  const { last, passed } = openCheckpoint(world.checkpointFile);

  const places = { functionArn: target.settings.arn, streamArn: mapping.EventSourceArn };
  const isStopped = () => stopped.signal.aborted;

  const pause = (milliseconds: number) =>
    sleep(milliseconds, undefined, { signal: stopped.signal }).catch(() => undefined);

  const giveUp = async (records: readonly _Record[], attempts: number) => {
    world.log.say(
      `${target.settings.title}: ${records.length} stream records failed too often and were given up`,
    );
    const destination = mapping.DestinationConfig?.OnFailure.Destination;
    if (destination)
      await world.sqs.send(
        new SendMessageCommand({
          QueueUrl: world.queueUrlOf(destination),
          MessageBody: JSON.stringify(placeOf(records, attempts, places)),
        }),
      );
    passed(records);
  };

  /** A batch: the present records, and those that arrive within the batching window. */
  const collect = async (stream: StreamReader): Promise<_Record[]> => {
    const records = await stream.readAfter(last(), batchSize, stopped.signal);
    if (records.length === 0) return records;
    const deadline = Date.now() + mapping.MaximumBatchingWindowInSeconds * 1000;
    while (records.length < batchSize && Date.now() < deadline && !isStopped()) {
      await pause(Math.min(lookEveryMilliseconds, deadline - Date.now()));
      const wanted = batchSize - records.length;
      records.push(...(await stream.readAfter(sequenceOf(records.at(-1)), wanted, stopped.signal)));
    }
    return records;
  };

  const poll = async (): Promise<void> => {
    let stream: StreamReader | undefined;
    while (!isStopped()) {
      try {
        stream ??= await openStream(world.dynamo, world.dynamoEndpoint, world.tableName);
        const records = await collect(stream);
        if (records.length === 0) await pause(lookEveryMilliseconds);
        else await deliver(records, { mapping, target, passed, giveUp, pause, isStopped });
      } catch (error) {
        if (isStopped()) break;
        world.log.say(`the stream of ${world.tableName} cannot be read: ${String(error)}`);
        await pause(pauseAfterErrorMilliseconds);
      }
    }
    stream?.stop();
  };

  const polling = poll();
  return {
    tableName: world.tableName,
    position: last,
    stop: async () => {
      stopped.abort();
      await polling;
    },
  };
};

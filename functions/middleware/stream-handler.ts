import middy from '@middy/core';
import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import type { BatchTime } from '../../shared/platform/each-in-time.ts';
import { streamLimits } from '../../shared/platform/limits.ts';
import { beginLog, logger, loggable } from '../../shared/platform/log.ts';
import { streamRecordOf, type StreamRecord } from '../../shared/platform/stream-records.ts';
import { within } from '../../shared/platform/time-limit.ts';

/** A record that failed or took too long. The first of a batch comes again, with all records after it, in order. */
export type StreamFailure = { record: StreamRecord; why: unknown };

type LambdaStreamHandler = (event: DynamoDBStreamEvent, context: Context) => Promise<DynamoDBBatchResponse>;

/**
 * The frame of a function behind a table's stream. The work gets the whole batch in the order of the stream, and its time
 * limit. It may return the records that failed. If it throws or takes too long, the whole batch comes again.
 */
export const streamHandler = (
  work: (records: readonly StreamRecord[], time: BatchTime) => Promise<readonly StreamFailure[] | void>,
): LambdaStreamHandler => {
  const handle = async (
    { Records: raw }: DynamoDBStreamEvent,
    context: Context,
  ): Promise<DynamoDBBatchResponse> => {
    beginLog(context);
    const first = raw[0]?.dynamodb?.SequenceNumber;
    const { item: itemMilliseconds, answer, naming } = streamLimits;
    const timeLeft = () => context.getRemainingTimeInMillis() - answer;
    const time = { itemMilliseconds, timeLeft: () => timeLeft() - naming };
    try {
      const records = raw.map(streamRecordOf);
      const failures = (await within(timeLeft(), () => work(records, time))) ?? [];
      for (const { record, why } of failures)
        logger.error('a stream record failed', {
          sequenceNumber: record.sequenceNumber,
          thrown: loggable(why),
        });
      const failed = new Set(failures.map(({ record }) => record.sequenceNumber));
      const from = records.find(({ sequenceNumber }) => failed.has(sequenceNumber));
      return { batchItemFailures: from ? [{ itemIdentifier: from.sequenceNumber }] : [] };
    } catch (error) {
      logger.error('a batch of stream records failed', { sequenceNumber: first, thrown: loggable(error) });
      // Without a sequence number to report, the invocation itself must fail: an empty list means success.
      if (first === undefined) throw error;
      return { batchItemFailures: [{ itemIdentifier: first }] };
    }
  };
  return middy(handle, { timeoutEarlyInMillis: 0 });
};

import middy from '@middy/core';
import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { beginLog, logger, loggable } from '../../shared/platform/log.ts';
import { streamRecordOf, type StreamRecord } from '../../shared/platform/stream-records.ts';

/** The first record that could not be worked on. It and all after it come again, in order. */
export type StreamFailure = { failedAt: string };

type LambdaStreamHandler = (event: DynamoDBStreamEvent, context: Context) => Promise<DynamoDBBatchResponse>;

/**
 * The frame of a function behind a table's stream. The work gets the whole batch in the order of the stream. It may
 * answer the sequence number of the first record that failed; when it throws, the batch comes again from the start.
 */
export const streamHandler = (
  work: (records: readonly StreamRecord[]) => Promise<StreamFailure | void>,
): LambdaStreamHandler => {
  const handle = async (
    { Records: raw }: DynamoDBStreamEvent,
    context: Context,
  ): Promise<DynamoDBBatchResponse> => {
    beginLog(context);
    const first = raw[0]?.dynamodb?.SequenceNumber;
    try {
      const failure = await work(raw.map(streamRecordOf));
      if (!failure) return { batchItemFailures: [] };
      logger.error('a stream record failed', { sequenceNumber: failure.failedAt });
      return { batchItemFailures: [{ itemIdentifier: failure.failedAt }] };
    } catch (error) {
      logger.error('a batch of stream records failed', { sequenceNumber: first, thrown: loggable(error) });
      // Without a place to name, the invocation itself must fail: an empty list would pass for success.
      if (first === undefined) throw error;
      return { batchItemFailures: [{ itemIdentifier: first }] };
    }
  };
  return middy(handle, { timeoutEarlyInMillis: 0 });
};

import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import { queueAnswer } from '../../shared/platform/limits.ts';
import { beginLog, logger, loggable } from '../../shared/platform/log.ts';
import { within, type TimeLeft } from '../../shared/platform/time-limit.ts';

/**
 * A message's place in its queue; `attempt` counts from 1. Work that is not done when `signal` aborts has failed, so stop
 * it then.
 */
export type Delivery = { messageId: string; attempt: number; timeLeft: TimeLeft; signal: AbortSignal };

type LambdaQueueHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/**
 * The frame of a function behind a queue. It works on all messages of a batch at once. A message that fails or takes too
 * long goes back alone, and after its last attempt to the dead-letter queue. A message that does not parse does the same,
 * so no message disappears.
 */
export const queueHandler = <Schema extends z.ZodType>(
  schema: Schema,
  work: (message: z.output<Schema>, delivery: Delivery) => Promise<void>,
): LambdaQueueHandler => {
  const deliver = async ({ body, messageId, attributes }: SQSRecord, timeLeft: TimeLeft): Promise<void> => {
    const attempt = Number(attributes?.ApproximateReceiveCount ?? 1);
    try {
      const message = schema.parse(JSON.parse(body));
      await within(timeLeft(), (signal) => work(message, { messageId, attempt, timeLeft, signal }));
    } catch (error) {
      logger.error('a message failed', { messageId, attempt, thrown: loggable(error) });
      throw error;
    }
  };
  const handle = async ({ Records: records }: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    beginLog(context);
    const timeLeft = () => context.getRemainingTimeInMillis() - queueAnswer;
    const results = await Promise.allSettled(records.map((record) => deliver(record, timeLeft)));
    return {
      batchItemFailures: records
        .filter((_, index) => results[index]?.status === 'rejected')
        .map(({ messageId }) => ({ itemIdentifier: messageId })),
    };
  };
  return middy(handle, { timeoutEarlyInMillis: 0 });
};

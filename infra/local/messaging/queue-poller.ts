import {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type Message,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Mapping, Pollers } from './event-source-mapping.ts';
import { failedItems } from './failed-items.ts';
import { region } from '../template/identities.ts';
import type { LocalFunction } from '../lambda/lambda.ts';
import type { LocalLog } from '../run/local-log.ts';

type World = { sqs: SQSClient; queueUrl: string; log: LocalLog };

const batchSizeMax = 10;
const concurrencyDefault = 5;
const waitSeconds = 20;
const pauseAfterErrorMilliseconds = 1000;

/**
 * Passes a queue's messages to a function, several batches at once. It deletes the messages that the function has
 * handled. For a failed message, the queue does the rest: it shows the message again after its visibility time-out, and
 * in the end moves it to the dead letters.
 */
export const startQueuePoller = (mapping: Mapping, target: LocalFunction, world: World): Pollers => {
  const { sqs, queueUrl, log } = world;
  const stopped = new AbortController();
  const busy = new Set<Promise<void>>();
  const concurrencyMax = mapping.ScalingConfig?.MaximumConcurrency ?? concurrencyDefault;

  const receive = async (): Promise<Message[]> => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: Math.min(mapping.BatchSize ?? batchSizeMax, batchSizeMax),
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
      { abortSignal: stopped.signal },
    );
    return Messages;
  };

  const deliver = async (messages: Message[]): Promise<void> => {
    const invocation = await target.invoke({
      Records: messages.map((message) => recordOf(message, mapping.EventSourceArn)),
    });
    if (invocation.outcome === 'failed') return;
    const failed = failedItems(mapping, invocation.payload);
    if (failed === 'all') return;
    const done = messages.filter(({ MessageId }) => !failed.includes(MessageId ?? ''));
    if (done.length === 0) return;
    const Entries = done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  };

  const poll = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      try {
        const messages = await receive();
        if (messages.length === 0) continue;
        const delivery: Promise<void> = deliver(messages)
          .catch((error: unknown) => log.say(`${target.settings.title}: ${String(error)}`))
          .finally(() => busy.delete(delivery));
        busy.add(delivery);
        if (busy.size >= concurrencyMax) await Promise.race(busy);
      } catch (error) {
        if (stopped.signal.aborted) return;
        log.say(`could not read the queue of ${target.settings.title}: ${String(error)}`);
        await sleep(pauseAfterErrorMilliseconds, undefined, { signal: stopped.signal }).catch(
          () => undefined,
        );
      }
    }
  };

  const polling = poll();
  return {
    stop: async () => {
      stopped.abort();
      await polling;
      await Promise.all(busy);
    },
  };
};

const recordOf = (message: Message, queueArn: string) => ({
  messageId: message.MessageId,
  receiptHandle: message.ReceiptHandle,
  body: message.Body,
  attributes: message.Attributes ?? {},
  messageAttributes: Object.fromEntries(
    Object.entries(message.MessageAttributes ?? {}).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      {
        dataType: DataType,
        ...(StringValue !== undefined && { stringValue: StringValue }),
        ...(BinaryValue && { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
      },
    ]),
  ),
  md5OfBody: message.MD5OfBody,
  eventSource: 'aws:sqs',
  eventSourceARN: queueArn,
  awsRegion: region,
});

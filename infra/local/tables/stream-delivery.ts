import type { _Record } from '@aws-sdk/client-dynamodb-streams';
import type { Mapping } from '../messaging/event-source-mapping.ts';
import { failedItems } from '../messaging/failed-items.ts';
import type { LocalFunction } from '../lambda/lambda.ts';
import { eventRecord, sequenceOf } from './stream-record.ts';

type Delivery = {
  mapping: Mapping;
  target: LocalFunction;
  /** The poller need not read these records again. In order. */
  passed(records: readonly _Record[]): void;
  giveUp(records: readonly _Record[], attempts: number): Promise<void>;
  /** Waits this long, or less when the poller stops. */
  pause(milliseconds: number): Promise<unknown>;
  isStopped(): boolean;
};

/** The poller stops: work in progress counts as not delivered. */
export class Stopped extends Error {}

const backoffMillisecondsMax = 10_000;

/**
 * Passes records to the function until it has handled each of them or has used all attempts of the trigger. It keeps
 * the order: it continues at the first record that failed.
 */
export const deliver = async (
  records: readonly _Record[],
  delivery: Delivery,
  attempt = 1,
): Promise<void> => {
  const { mapping, target, passed, giveUp, pause, isStopped } = delivery;
  const invocation = await target.invoke({
    Records: records.map((record) => eventRecord(record, mapping.EventSourceArn)),
  });
  if (isStopped()) throw new Stopped();
  const failed = invocation.outcome === 'failed' ? 'all' : failedItems(mapping, invocation.payload);
  if (failed !== 'all' && failed.length === 0) return passed(records);

  const first = failed === 'all' ? 0 : records.findIndex((one) => failed.includes(sequenceOf(one) ?? ''));
  const from = Math.max(0, first);
  passed(records.slice(0, from));
  const rest = records.slice(from);
  const divides = mapping.BisectBatchOnFunctionError && rest.length > 1;
  const isExhausted = mapping.MaximumRetryAttempts >= 0 && attempt > mapping.MaximumRetryAttempts;
  if (isExhausted && !divides) return giveUp(rest, attempt);
  await pause(Math.min(100 * 2 ** attempt, backoffMillisecondsMax));
  if (isStopped()) throw new Stopped();
  if (!divides) return deliver(rest, delivery, attempt + 1);
  // Splitting a batch is no attempt. A function that names the failed record has already split the batch.
  const middle = failed === 'all' ? Math.ceil(rest.length / 2) : 1;
  await deliver(rest.slice(0, middle), delivery, failed === 'all' ? attempt : attempt + 1);
  return deliver(rest.slice(middle), delivery);
};

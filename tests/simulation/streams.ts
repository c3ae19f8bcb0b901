import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openStream } from '../../infra/local/tables/stream-reader.ts';
import { streamRecordOf, type StreamRecord } from '../../shared/platform/stream-records.ts';
import type { FaultProfile } from './faults.ts';
import type { Actor, Scheduler } from './scheduler.ts';

const readMax = 1000;

/** The new records of a table's real stream, whenever asked: in the order of the writes, each once. */
export const followStream = async (dynamo: DynamoDBClient, endpoint: string, tableName: string) => {
  const reader = await openStream(dynamo, endpoint, tableName);
  let last: string | undefined;
  return {
    read: async (): Promise<StreamRecord[]> => {
      const records = (await reader.readAfter(last, readMax)).map((record) =>
        streamRecordOf(record as never),
      );
      last = records.at(-1)?.sequenceNumber ?? last;
      return records;
    },
    stop: () => reader.stop(),
  };
};

/** A function behind a stream: batches in order, one at a time; one that fails, or seems to, comes again whole. */
export const makeStreamWorker = (
  {
    scheduler,
    profile,
    failed,
  }: {
    scheduler: Scheduler;
    profile: () => FaultProfile | undefined;
    failed: (name: string, error: unknown) => void;
  },
  {
    name,
    windowMilliseconds,
    mayLose = false,
  }: {
    name: string;
    windowMilliseconds: number;
    /** Whether it may fail for a batch until that is given up: nothing comes again then. */
    mayLose?: boolean;
  },
  work: (actor: Actor, records: readonly StreamRecord[]) => Promise<void>,
) => {
  const { after, seed, invoke, note } = scheduler;
  const log: StreamRecord[] = [];
  let done = 0;
  let busy = false;

  const next = async (): Promise<void> => {
    const batch = log.slice(done, done + seed.whole(1, 20));
    if (mayLose && seed.happens(profile()?.lostBatches ?? 0)) {
      note(`${name}: ${batch.length} records are given up`);
      done += batch.length;
      busy = false;
      return wake(0);
    }
    const result = await invoke(name, 30, (actor) => work(actor, batch));
    if (result !== 'gone' && 'error' in result) failed(name, result.error);
    const worked = result !== 'gone' && 'answer' in result;
    if (worked && !(profile() && seed.happens(0.03))) done += batch.length;
    busy = false;
    wake(worked ? 0 : 1000);
  };
  const wake = (delay: number): void => {
    if (busy || done === log.length) return;
    busy = true;
    after(delay + seed.spread(10, windowMilliseconds), () => void next());
  };

  return {
    name,
    pending: () => log.length - done,
    offer: (records: readonly StreamRecord[]): void => {
      log.push(...records);
      wake(0);
    },
  };
};

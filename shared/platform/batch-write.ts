import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Item, Table } from './dynamo.ts';
import { pause } from './random.ts';

/**
 * DynamoDB accepts 25 items per request; eight requests at once stay below the first limit of a new on-demand table.
 */
const itemsPerRequest = 25;
const requestsAtOnce = 8;
const attemptsMax = 12;

const writeBatch = async ({ client, name }: Table, items: readonly Item[]): Promise<void> => {
  let requests = items.map((item) => ({ PutRequest: { Item: item } }));
  for (let attempt = 1; requests.length > 0; attempt += 1) {
    if (attempt > attemptsMax) throw new Error(`${requests.length} items were refused by ${name}`);
    if (attempt > 1) await pause(attempt, 50);
    const { UnprocessedItems } = await client.send(
      new BatchWriteCommand({ RequestItems: { [name]: requests } }),
    );
    requests = (UnprocessedItems?.[name] ?? []) as typeof requests;
  }
};

/**
 * Puts many items in no particular order, and repeats with jitter those that a busy table returns. It is not atomic: a
 * failure leaves some items written, so write items that nothing reads until another item points to them. Keys must be
 * distinct.
 */
export const writeAll = async (
  table: Table,
  items: Iterable<Item>,
  onWritten: (count: number) => void = () => undefined,
): Promise<void> => {
  const source = items[Symbol.iterator]();
  const nextBatch = (): Item[] => {
    const batch: Item[] = [];
    while (batch.length < itemsPerRequest) {
      const { done, value } = source.next();
      if (done) break;
      batch.push(value);
    }
    return batch;
  };
  const work = async (): Promise<void> => {
    for (let batch = nextBatch(); batch.length > 0; batch = nextBatch()) {
      await writeBatch(table, batch);
      onWritten(batch.length);
    }
  };
  await Promise.all(Array.from({ length: requestsAtOnce }, work));
};

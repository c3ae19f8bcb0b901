import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { Item, Table } from './dynamo.ts';
import { pause } from './random.ts';

/** DynamoDB accepts this many keys in one request. */
const keysPerRequest = 100;

/**
 * A table may return all requested keys this many times in a row. A large answer comes in parts: that is no refusal.
 */
const attemptsMax = 6;

const tooBusy = (left: number, name: string): Error =>
  Object.assign(new Error(`${name} returned ${left} keys too often`), { name: 'TransientFailure' });

const readBatch = async (
  { client, name }: Table,
  keys: readonly Item[],
  consistent: boolean,
): Promise<Item[]> => {
  const items: Item[] = [];
  let Keys: Item[] = [...keys];
  for (let attempt = 0; Keys.length > 0; attempt += 1) {
    if (attempt >= attemptsMax) throw tooBusy(Keys.length, name);
    if (attempt > 0) await pause(attempt);
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({ RequestItems: { [name]: { Keys, ConsistentRead: consistent } } }),
    );
    items.push(...(Responses?.[name] ?? []));
    const left: Item[] = UnprocessedKeys?.[name]?.Keys ?? [];
    if (left.length < Keys.length) attempt = 0;
    Keys = left;
  }
  return items;
};

/**
 * Reads the items of many keys, in no order; leaves out keys without an item. It asks again, with jitter, for keys that
 * a busy table returns, and throws a `TransientFailure` if the table stays busy. Without `consistent` it reads the
 * items as they were a moment ago, at half the price. Keys must be distinct.
 */
export const readAll = async (
  table: Table,
  keys: readonly Item[],
  { consistent = false } = {},
): Promise<Item[]> => {
  const items: Item[] = [];
  for (let start = 0; start < keys.length; start += keysPerRequest)
    items.push(...(await readBatch(table, keys.slice(start, start + keysPerRequest), consistent)));
  return items;
};

import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { Item, Table } from './dynamo.ts';
import { pause } from './random.ts';

/** DynamoDB takes as many keys in one request. */
const keysPerRequest = 100;

/** So often in a row a table may send back all that it is asked for. A large answer comes in parts: that is no refusal. */
const attemptsMax = 6;

const tooBusy = (left: number, name: string): Error =>
  Object.assign(new Error(`${name} sent ${left} keys back too often`), { name: 'TransientFailure' });

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
 * The items of many keys, in no order; keys that have none are left out. What a busy table sends back is asked for again,
 * with jitter, and thrown as a `TransientFailure` when that does not pass. Not `consistent`: as they stood a moment ago,
 * at half the price. Keys are distinct.
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

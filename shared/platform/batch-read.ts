import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { Item, Table } from './dynamo.ts';
import { pause } from './random.ts';

/** DynamoDB takes as many keys in one request. */
const keysPerRequest = 100;

/**
 * The items of many keys, in no order; keys that have none are left out. What a busy table sends back is asked for again,
 * with jitter. Not `consistent`: as they stood a moment ago, at half the price. Keys are distinct.
 */
export const readAll = async (
  { client, name }: Table,
  keys: readonly Item[],
  { consistent = false } = {},
): Promise<Item[]> => {
  const items: Item[] = [];
  for (let start = 0; start < keys.length; start += keysPerRequest) {
    let Keys: Item[] = keys.slice(start, start + keysPerRequest);
    for (let attempt = 0; Keys.length > 0; attempt += 1) {
      if (attempt > 0) await pause(attempt);
      const { Responses, UnprocessedKeys } = await client.send(
        new BatchGetCommand({ RequestItems: { [name]: { Keys, ConsistentRead: consistent } } }),
      );
      items.push(...(Responses?.[name] ?? []));
      Keys = UnprocessedKeys?.[name]?.Keys ?? [];
    }
  }
  return items;
};

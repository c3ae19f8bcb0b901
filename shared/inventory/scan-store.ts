import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../platform/dynamo.ts';
import type { ShardKey } from './model.ts';
import type { ShardState } from './pieces.ts';
import { shardOfKey, stateOf } from './store.ts';

export type ShardPage = {
  shards: { key: ShardKey; state: ShardState }[];
  /** Keys of items that cannot be read. */
  unreadable: string[];
  /** Behind which key the next page begins; undefined after the last. */
  next: string | undefined;
};

/**
 * A page of all shards that were ever touched, in no particular order. Not read consistently: it is half the price,
 * and whoever acts on a piece does so on the condition that it is still as it was seen.
 */
export const readShardPage = async (
  inventory: Table,
  { after, shardsMax }: { after: string | undefined; shardsMax: number },
): Promise<ShardPage> => {
  const { Items = [], LastEvaluatedKey } = await inventory.client.send(
    new ScanCommand({
      TableName: inventory.name,
      Limit: shardsMax,
      ...(after !== undefined && { ExclusiveStartKey: { pk: after } }),
    }),
  );
  const page: ShardPage = {
    shards: [],
    unreadable: [],
    next: LastEvaluatedKey && String(LastEvaluatedKey['pk']),
  };
  for (const item of Items) {
    const pk = String(item['pk']);
    try {
      page.shards.push({ key: shardOfKey(pk), state: stateOf(item) });
    } catch {
      page.unreadable.push(pk);
    }
  }
  return page;
};

import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { dueShards } from '../platform/due.ts';
import type { Table } from '../platform/dynamo.ts';
import type { Instant } from '../platform/time.ts';

export type DueKey = { pk: string; sk: string };

/** The keys of what is due at `now`, soonest first within each of the 16 shards, a page of each. */
export const readDue = async (bookings: Table, now: Instant, perShardMax: number): Promise<DueKey[]> => {
  const pages = await Promise.all(
    dueShards.map((dueShard) =>
      bookings.client.send(
        new QueryCommand({
          TableName: bookings.name,
          IndexName: 'due',
          KeyConditionExpression: 'dueShard = :shard AND dueAt <= :now',
          ExpressionAttributeValues: { ':shard': dueShard, ':now': now },
          Limit: perShardMax,
        }),
      ),
    ),
  );
  return pages.flatMap(({ Items = [] }) => Items.map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) })));
};

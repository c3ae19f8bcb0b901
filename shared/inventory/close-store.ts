import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { seatsKeptUntil } from '../bookings/kept-until.ts';
import { allOf, conditionally, type Item, type Table } from '../platform/dynamo.ts';
import type { ShardKey } from './model.ts';
import { untouchedShard, type ShardState } from './pieces.ts';
import { free, keyOf, stateOf } from './store.ts';

export type ShardToClose = { key: ShardKey; seatCount: number };

/** A shard appears once and nothing deletes it: after a refusal, the next try finds a shard that was absent before. */
const attemptsMax = 3;

/**
 * T25, and T22 for a shard: the shard takes no hold from now on. If nobody has touched it, this writes it with all its
 * pieces, otherwise a hold could still be its first. Returns the shard as this or a later change closed it: from then
 * on, the number of its owned pieces only falls.
 */
export const closeShard = async (
  inventory: Table,
  { key, seatCount }: ShardToClose,
  stopCount: number,
  closed: number,
): Promise<ShardState> => {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const state =
      (await closeTouched(inventory, key, closed)) ??
      (await putClosed(inventory, key, untouchedShard(seatCount, stopCount), closed));
    if (state) return state;
  }
  throw new Error(`the shard ${keyOf(key)} is neither present nor absent`);
};

const closeTouched = async (
  inventory: Table,
  key: ShardKey,
  closed: number,
): Promise<ShardState | undefined> => {
  let item: Item | undefined;
  const result = await conditionally(
    inventory.client
      .send(
        new UpdateCommand({
          TableName: inventory.name,
          Key: { pk: keyOf(key) },
          ConditionExpression: allOf(
            'attribute_exists(pk)',
            'attribute_not_exists(closed) OR closed < :closed',
          ),
          UpdateExpression: 'SET closed = :closed',
          ExpressionAttributeValues: { ':closed': closed },
          ReturnValues: 'ALL_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      )
      .then(({ Attributes }) => {
        item = Attributes;
      }),
  );
  if (result.outcome === 'refused') item = result.found;
  return item && stateOf(item);
};

const putClosed = async (
  inventory: Table,
  key: ShardKey,
  untouched: ShardState,
  closed: number,
): Promise<ShardState | undefined> => {
  const pieces = Object.fromEntries([...untouched.pieces.keys()].map((name) => [name, free]));
  const result = await conditionally(
    inventory.client.send(
      new PutCommand({
        TableName: inventory.name,
        Item: { pk: keyOf(key), ttl: seatsKeptUntil(key.runId), ...pieces, closed },
        ConditionExpression: allOf('attribute_not_exists(pk)'),
      }),
    ),
  );
  return result.outcome === 'written' ? { ...untouched, closed } : undefined;
};

/** T28: a shard that this change closed takes holds again; a shard that another change closed does not. */
export const reopenShard = async (inventory: Table, key: ShardKey, closed: number): Promise<void> => {
  await conditionally(
    inventory.client.send(
      new UpdateCommand({
        TableName: inventory.name,
        Key: { pk: keyOf(key) },
        ConditionExpression: allOf('closed = :closed'),
        UpdateExpression: 'REMOVE closed',
        ExpressionAttributeValues: { ':closed': closed },
      }),
    ),
  );
};

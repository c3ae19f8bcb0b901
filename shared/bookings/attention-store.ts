import { GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { idOf, type ItemKey } from './keys.ts';
import {
  attentionSchema,
  forPersonSchema,
  type ForPerson,
  attentionShards,
  attentionValues,
  handledValues,
  recordHandled,
  removeAttention,
  setAttention,
  type Attention,
  type Handled,
} from './attention.ts';
import { allOf, conditionally, type Item, type Table } from '../platform/dynamo.ts';
import type { Instant } from '../platform/time.ts';

export type NeedsPerson = { key: ItemKey; attention: Attention };

const pagesMax = 40;

/** Lists what needs a person, the oldest first; `more` if any shard has more than this reads. */
export const listAttention = async (
  bookings: Table,
  { perShardMax }: { perShardMax: number },
): Promise<{ items: NeedsPerson[]; more: boolean }> => {
  const shards = await Promise.all(attentionShards.map((shard) => readShard(bookings, shard, perShardMax)));
  return {
    items: shards
      .flatMap(({ items }) => items)
      .toSorted((a, b) => a.attention.since.localeCompare(b.attention.since)),
    more: shards.some(({ more }) => more),
  };
};

const readShard = async (
  bookings: Table,
  shard: string,
  itemsMax: number,
): Promise<{ items: NeedsPerson[]; more: boolean }> => {
  const items: NeedsPerson[] = [];
  let start: Item | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const { Items = [], LastEvaluatedKey } = await bookings.client.send(
      new QueryCommand({
        TableName: bookings.name,
        IndexName: 'attention',
        KeyConditionExpression: 'attentionShard = :shard',
        ExpressionAttributeValues: { ':shard': shard },
        Limit: itemsMax - items.length,
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    for (const { pk, sk, attention } of Items)
      items.push({ key: { pk: String(pk), sk: String(sk) }, attention: attentionSchema.parse(attention) });
    start = LastEvaluatedKey;
    if (!start || items.length >= itemsMax) break;
  }
  return { items, more: start !== undefined };
};

const change = async (
  bookings: Table,
  key: ItemKey,
  update: { condition: string[]; expression: string; values: Item },
): Promise<boolean> => {
  const result = await conditionally(
    bookings.client.send(
      new UpdateCommand({
        TableName: bookings.name,
        Key: key,
        ConditionExpression: allOf(...update.condition),
        UpdateExpression: update.expression,
        ExpressionAttributeValues: update.values,
      }),
    ),
  );
  return result.outcome === 'written';
};

/** A person has settled it: it leaves the index, if the flag is still the one that the person saw. */
export const settleAttention = (bookings: Table, key: ItemKey, seen: Attention, handled: Handled) =>
  change(bookings, key, {
    condition: ['attention.kind = :kind', 'attention.why = :why', 'attentionSince = :since'],
    expression: `SET ${recordHandled} REMOVE ${removeAttention}`,
    values: {
      ':kind': seen.kind,
      ':why': seen.why,
      ':since': seen.since,
      ...handledValues({ ...handled, about: seen.why }),
    },
  });

/** A person wants it tried now: makes it due at once, if it is due at all. */
export const hurry = (bookings: Table, key: ItemKey, now: Instant, handled: Handled) =>
  change(bookings, key, {
    condition: ['attribute_exists(dueAt)'],
    expression: `SET dueAt = :now, ${recordHandled}`,
    values: { ':now': now, ...handledValues(handled) },
  });

/** The attributes of any item that concern a person, even if the item is otherwise unreadable. */
export const readForPerson = async (bookings: Table, key: ItemKey): Promise<ForPerson | undefined> => {
  const { Item } = await bookings.client.send(
    new GetCommand({ TableName: bookings.name, Key: key, ConsistentRead: true }),
  );
  return Item && forPersonSchema.parse(Item);
};

/** Ends the flag of an item that kept failing, once nothing of it is due or it has not failed since `recently`. */
export const endRecovered = (
  bookings: Table,
  key: ItemKey,
  { now, recently }: { now: Instant; recently: Instant },
): Promise<boolean> =>
  change(bookings, key, {
    condition: [
      'attention.kind = :stuck',
      'attribute_not_exists(dueAt) OR (dueAt > :now AND postponedAt < :recently)',
    ],
    expression: `REMOVE ${removeAttention}`,
    values: { ':stuck': 'keeps-failing', ':now': now, ':recently': recently },
  });

/** Flags an item that stays due although it was tried again and again; whatever it is, and even if it is unreadable. */
export const callStuck = (bookings: Table, { pk, sk }: ItemKey, attention: Attention): Promise<boolean> =>
  change(
    bookings,
    { pk, sk },
    {
      condition: ['attribute_exists(dueAt)', 'attribute_not_exists(attention)'],
      expression: `SET ${setAttention}`,
      values: attentionValues(idOf(pk), attention),
    },
  );

import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { idOf, type ItemKey } from './keys.ts';
import {
  attentionSchema,
  attentionShards,
  attentionValues,
  handledValues,
  recordHandled,
  removeAttention,
  setAttention,
  type Attention,
  type Handled,
} from './attention.ts';
import { clause, type Clause } from '../platform/clauses.ts';
import { updateIf } from '../platform/conditional-writes.ts';
import type { Item, Table } from '../platform/dynamo.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
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

const change = async <Reason extends string>(
  bookings: Table,
  key: ItemKey,
  { refused, ...update }: { onlyIf: readonly Clause[]; update: string; values?: Item; refused: Reason },
): Promise<Outcome<object, Reason>> =>
  (await updateIf(bookings, key, update)).outcome === 'written' ? accepted({}) : rejected(refused);

const needsPersonFor = ({ kind, why, since }: Attention): Clause =>
  clause('attention.kind = :kind AND attention.why = :why AND attentionSince = :since', {
    ':kind': kind,
    ':why': why,
    ':since': since,
  });

/** A person has settled it: it leaves the index, if the flag is still the one that the person saw. */
export const settleAttention = (bookings: Table, key: ItemKey, seen: Attention, handled: Handled) =>
  change(bookings, key, {
    onlyIf: [needsPersonFor(seen)],
    update: `SET ${recordHandled} REMOVE ${removeAttention}`,
    values: handledValues({ ...handled, about: seen.why }),
    refused: 'changed-meanwhile',
  });

const isDueAtAll = clause('attribute_exists(dueAt)');

/** A person wants it tried now: makes it due at once, if it is due at all. */
export const hurry = (bookings: Table, key: ItemKey, now: Instant, handled: Handled) =>
  change(bookings, key, {
    onlyIf: [isDueAtAll],
    update: `SET dueAt = :now, ${recordHandled}`,
    values: { ':now': now, ...handledValues(handled) },
    refused: 'nothing-to-try',
  });

/** An item as it is stored: a person must see the readable part even of one that is otherwise unreadable. */
export const readStored = async (bookings: Table, key: ItemKey): Promise<Item | undefined> => {
  const { Item: item } = await bookings.client.send(
    new GetCommand({ TableName: bookings.name, Key: key, ConsistentRead: true }),
  );
  return item;
};

const isShownAsStuck = clause('attention.kind = :stuck', { ':stuck': 'keeps-failing' });

const failsNoMore = (now: Instant, recently: Instant): Clause =>
  clause('attribute_not_exists(dueAt) OR (dueAt > :now AND postponedAt < :recently)', {
    ':now': now,
    ':recently': recently,
  });

/** Ends the flag of an item that kept failing, once nothing of it is due or it has not failed since `recently`. */
export const endRecovered = (
  bookings: Table,
  key: ItemKey,
  { now, recently }: { now: Instant; recently: Instant },
) =>
  change(bookings, key, {
    onlyIf: [isShownAsStuck, failsNoMore(now, recently)],
    update: `REMOVE ${removeAttention}`,
    refused: 'still-failing',
  });

const needsNobody = clause('attribute_not_exists(attention)');

/** Flags an item that stays due although it was tried again and again; whatever it is, and even if it is unreadable. */
export const flagStuck = (bookings: Table, { pk, sk }: ItemKey, attention: Attention) =>
  change(
    bookings,
    { pk, sk },
    {
      onlyIf: [isDueAtAll, needsNobody],
      update: `SET ${setAttention}`,
      values: attentionValues(idOf(pk), attention),
      refused: 'not-needed',
    },
  );

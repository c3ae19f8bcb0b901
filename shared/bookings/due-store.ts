import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { dueShards } from './due.ts';
import { clause, type Clause } from '../platform/clauses.ts';
import { updateIf } from '../platform/conditional-writes.ts';
import type { Item, Table } from '../platform/dynamo.ts';
import { eachInTime, type BatchTime } from '../platform/each-in-time.ts';
import { instantSchema, plusSeconds, type Instant } from '../platform/time.ts';

export type DueKey = { pk: string; sk: string; dueAt: Instant };

/** Where to continue in one shard of the index: after the last item read. */
export type DuePlace = { dueShard: string; after?: Item | undefined };

export const dueFromTheStart: readonly DuePlace[] = dueShards.map((dueShard) => ({ dueShard }));

export type DuePage = { keys: DueKey[]; rest: DuePlace[]; unread: { place: DuePlace; why: unknown }[] };

/**
 * The keys of the items due at `now`, earliest first within each of the 16 shards, one page per place; and the places
 * that have more. Because the clean-up continues there instead of at the start, it gets past items that stay due. A
 * shard that is unreadable or hangs does not hide the others.
 */
export const readDue = async (
  bookings: Table,
  {
    now,
    places,
    perShardMax,
    time,
  }: { now: Instant; places: readonly DuePlace[]; perShardMax: number; time: BatchTime },
): Promise<DuePage> => {
  const keys: DueKey[] = [];
  const rest: DuePlace[] = [];
  const lanes = { ...time, lanes: places.length };
  const failed = await eachInTime(places, lanes, async ({ dueShard, after }, signal) => {
    const { Items = [], LastEvaluatedKey } = await bookings.client.send(
      new QueryCommand({
        TableName: bookings.name,
        IndexName: 'due',
        KeyConditionExpression: 'dueShard = :shard AND dueAt <= :now',
        ExpressionAttributeValues: { ':shard': dueShard, ':now': now },
        Limit: perShardMax,
        ...(after && { ExclusiveStartKey: after }),
      }),
      { abortSignal: signal },
    );
    for (const { pk, sk, dueAt } of Items)
      keys.push({ pk: String(pk), sk: String(sk), dueAt: instantSchema.parse(dueAt) });
    if (LastEvaluatedKey) rest.push({ dueShard, after: LastEvaluatedKey });
  });
  return { keys, rest, unread: failed.map(({ thing: place, why }) => ({ place, why })) };
};

/** A failure this long after the last one starts a new series: in between, the item succeeded or was not tried. */
export const forgottenAfterSeconds = 1800;

/**
 * Puts an item that is still due behind all others, unless somebody has changed its time meanwhile. Returns the start
 * of this series of failures; undefined if the item is no longer due, or due at another time.
 */
export const postpone = async (
  bookings: Table,
  { pk, sk, dueAt }: DueKey,
  { until, now }: { until: Instant; now: Instant },
): Promise<Instant | undefined> => {
  const recently = plusSeconds(now, -forgottenAfterSeconds);
  const put = async (onlyIf: Clause, since: string): Promise<Instant | undefined> => {
    const { outcome, item } = await updateIf(
      bookings,
      { pk, sk },
      {
        onlyIf: [isStillDueAt(dueAt), onlyIf],
        update: `SET dueAt = :until, postponedAt = :now${since}`,
        values: { ':until': until, ':now': now },
        returns: { written: true },
      },
    );
    return outcome === 'written' ? instantSchema.safeParse(item?.['postponedSince']).data : undefined;
  };
  return (
    (await put(wasPostponedSince(recently), '')) ??
    put(wasNotPostponedSince(recently), ', postponedSince = :now')
  );
};

const isStillDueAt = (dueAt: Instant): Clause => clause('dueAt = :was', { ':was': dueAt });

const wasPostponedSince = (recently: Instant): Clause =>
  clause('postponedAt >= :recently', { ':recently': recently });

const wasNotPostponedSince = (recently: Instant): Clause =>
  clause('attribute_not_exists(postponedAt) OR postponedAt < :recently', { ':recently': recently });

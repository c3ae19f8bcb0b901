import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { bookingKey, bookingKeys } from '../bookings/keys.ts';
import { queuedKeptUntil, runKeptUntil } from '../bookings/kept-until.ts';
import { allOf } from '../platform/clauses.ts';
import type { Item, Table, TransactItem } from '../platform/dynamo.ts';
import type { Class, RunId } from '../platform/ids.ts';
import type { Instant } from '../platform/time.ts';
import { queuedSchema, type Queued } from './model.ts';

/**
 * Table `Bookings`: `WAITLIST#<run>` / `WISH#<class>#<waiting since>#<entry>#<n>`, one for each wish of a waiting entry, in the
 * order in which they are served. No function deletes items: one that is over says so, and DynamoDB deletes it.
 */
const keyOf = ({ runId, class: cls, waitingSince, entryId, n }: Queued) =>
  bookingKey('wish', runId, `${cls}#${waitingSince}#${entryId}#${n}`);

/** T46: a place in a queue. */
export const putQueued = (bookings: Table, place: Queued): TransactItem => ({
  Put: {
    TableName: bookings.name,
    Item: { ...keyOf(place), ...queuedSchema.parse(place), ttl: runKeptUntil(place.runId) },
    ConditionExpression: allOf('attribute_not_exists(pk)'),
  },
});

/** The place is given up, by whatever ends the entry or the wish. */
export const leaveQueue = (bookings: Table, place: Queued, now: Instant): TransactItem => ({
  Update: {
    TableName: bookings.name,
    Key: keyOf(place),
    ConditionExpression: allOf('attribute_exists(pk)'),
    UpdateExpression: 'SET overAt = if_not_exists(overAt, :now), #ttl = :ttl',
    ExpressionAttributeNames: { '#ttl': 'ttl' },
    ExpressionAttributeValues: { ':now': now, ':ttl': queuedKeptUntil(now) },
  },
});

type Page = { queued: Queued[]; next: Item | undefined };

const readPage = async (
  bookings: Table,
  { runId, class: cls }: { runId: RunId; class?: Class | undefined },
  { limit, after, consistent }: { limit: number; after?: Item | undefined; consistent: boolean },
): Promise<Page> => {
  const { pk, skPrefix } = bookingKeys('wish', runId);
  const { Items = [], LastEvaluatedKey } = await bookings.client.send(
    new QueryCommand({
      TableName: bookings.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      FilterExpression: 'attribute_not_exists(overAt)',
      ExpressionAttributeValues: { ':pk': pk, ':prefix': `${skPrefix}${cls === undefined ? '' : `${cls}#`}` },
      Limit: limit,
      ConsistentRead: consistent,
      ...(after && { ExclusiveStartKey: after }),
    }),
  );
  return { queued: Items.map((item) => queuedSchema.parse(item)), next: LastEvaluatedKey };
};

/**
 * Whether anybody waits for seats of this class. The read is not consistent, at half the price: whoever begins to wait at this
 * very moment is served by a look of their own.
 */
export const isAwaited = async (bookings: Table, queue: { runId: RunId; class?: Class }): Promise<boolean> =>
  (await firstInQueue(bookings, queue)) !== undefined;

/** Some place in a queue that is not over, if there is one; of one class, the first. */
export const firstInQueue = async (
  bookings: Table,
  queue: { runId: RunId; class?: Class },
): Promise<Queued | undefined> => {
  let after: Item | undefined;
  // Most often the first place is still taken; after a rush some at the front are over.
  for (let limit = 1; ; limit = 100) {
    const page = await readPage(bookings, queue, { limit, after, consistent: false });
    if (page.queued[0] || !page.next) return page.queued[0];
    after = page.next;
  }
};

/** A queue from its front, page after page. */
export async function* readQueue(
  bookings: Table,
  queue: { runId: RunId; class?: Class },
): AsyncGenerator<Queued[]> {
  let after: Item | undefined;
  do {
    const page = await readPage(bookings, queue, { limit: 200, after, consistent: true });
    yield page.queued;
    after = page.next;
  } while (after);
}

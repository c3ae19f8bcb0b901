import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { allOf, type Table, type TransactItem } from '../platform/dynamo.ts';
import { millisecondsOf, type Instant } from '../platform/time.ts';
import type { UserId } from '../platform/ids.ts';

/** What makes two requests the same: who, which route, and the client's key. `bodyHash` tells a reused key. */
export type IdempotencyScope = { userId: UserId; route: string; key: string; bodyHash: string };

const recordSchema = z.object({ bodyHash: z.string(), answer: z.string() });

/** Table `Bookings`: `IDEMPOTENCY#<user>#<route>#<key>` / `RECORD`. Only successes are stored. */
const keyOf = ({ userId, route, key }: IdempotencyScope) => ({
  pk: `IDEMPOTENCY#${userId}#${route}#${key}`,
  sk: 'RECORD',
});

/** An order can change for long after its sale; its record is kept for thirty days. */
const keepSeconds = 30 * 86_400;

export type Replay = { outcome: 'first' } | { outcome: 'same'; answer: string } | { outcome: 'reused' };

/** Whether this request was answered before: then with what, or that its key was used for another body. */
export const readReplay = async (bookings: Table, scope: IdempotencyScope): Promise<Replay> => {
  const { Item } = await bookings.client.send(
    new GetCommand({ TableName: bookings.name, Key: keyOf(scope), ConsistentRead: true }),
  );
  if (!Item) return { outcome: 'first' };
  const { bodyHash, answer } = recordSchema.parse(Item);
  return bodyHash === scope.bodyHash ? { outcome: 'same', answer } : { outcome: 'reused' };
};

/** Stored in the transaction that makes what the answer speaks of: neither exists without the other. */
export const putReplay = (
  bookings: Table,
  scope: IdempotencyScope,
  answer: string,
  now: Instant,
): TransactItem => ({
  Put: {
    TableName: bookings.name,
    Item: {
      ...keyOf(scope),
      ...recordSchema.parse({ bodyHash: scope.bodyHash, answer }),
      ttl: Math.floor(millisecondsOf(now) / 1000) + keepSeconds,
    },
    ConditionExpression: allOf('attribute_not_exists(pk)'),
  },
});

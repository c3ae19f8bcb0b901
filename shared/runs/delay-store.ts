import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { runKeptUntil } from '../bookings/kept-until.ts';
import { bookingKey } from '../bookings/keys.ts';
import { clause } from '../platform/clauses.ts';
import { updateIf } from '../platform/conditional-writes.ts';
import type { Table } from '../platform/dynamo.ts';
import type { RunId } from '../platform/ids.ts';

/** Table `Bookings`: `RUN#<run>` / `DELAY`, the longest delay that was announced: gates stay open so much longer. */
const keyOf = (runId: RunId) => bookingKey('delay', runId);

export const putDelay = async (bookings: Table, runId: RunId, minutes: number): Promise<void> => {
  await updateIf(bookings, keyOf(runId), {
    onlyIf: [clause('attribute_not_exists(minutes) OR minutes < :minutes', { ':minutes': minutes })],
    update: 'SET minutes = :minutes, #ttl = :ttl',
    names: { '#ttl': 'ttl' },
    values: { ':ttl': runKeptUntil(runId) },
  });
};

/** In minutes; zero if none was announced. */
export const readDelay = async (bookings: Table, runId: RunId): Promise<number> => {
  const { Item } = await bookings.client.send(
    new GetCommand({ TableName: bookings.name, Key: keyOf(runId), ConsistentRead: true }),
  );
  return Number(Item?.['minutes'] ?? 0);
};

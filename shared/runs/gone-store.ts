import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { bookingKey } from '../bookings/keys.ts';
import {
  attentionFor,
  attentionValues,
  forPersonSchema,
  type ForPerson,
  setAttention,
} from '../bookings/attention.ts';
import { allOf, conditionally, type Table } from '../platform/dynamo.ts';
import type { RunId } from '../platform/ids.ts';
import { runKeptUntil } from '../bookings/kept-until.ts';
import type { Instant } from '../platform/time.ts';
import { keyOfNote } from './due-store.ts';

/*
 * Table `Bookings`, keys of this module:
 *   RUN#<run>  GONE    a run with seats sold that a newer timetable does not have: a person is asked what becomes of it
 */
const keyOfGone = (runId: RunId) => bookingKey('gone', runId);

/** Shows such a run to a person, once: what that person has settled is not brought up again by every import. */
export const callGone = async (
  bookings: Table,
  runId: RunId,
  { version, now }: { version: string; now: Instant },
): Promise<void> => {
  const why = `seats of it are sold, and the timetable ${version} does not have it`;
  const attention = attentionFor('run-gone', why, { now, before: undefined });
  await conditionally(
    bookings.client.send(
      new UpdateCommand({
        TableName: bookings.name,
        Key: keyOfGone(runId),
        ConditionExpression: allOf('attribute_not_exists(pk)'),
        UpdateExpression: `SET #ttl = :ttl, ${setAttention}`,
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: { ':ttl': runKeptUntil(runId), ...attentionValues(runId, attention) },
      }),
    ),
  );
};

/** The run as a person is asked about it: that it is gone, or else the note of it that fails on and on. */
export const readRunForPerson = async (
  bookings: Table,
  runId: RunId,
): Promise<{ key: { pk: string; sk: string }; item: ForPerson } | undefined> => {
  const keys = [keyOfGone(runId), keyOfNote(runId)];
  const found = await Promise.all(
    keys.map(async (key) => {
      const { Item } = await bookings.client.send(
        new GetCommand({ TableName: bookings.name, Key: key, ConsistentRead: true }),
      );
      return Item ? [{ key, item: forPersonSchema.parse(Item) }] : [];
    }),
  );
  const ever = found.flat().filter(({ item }) => item.attention ?? item.handled);
  return ever.find(({ item }) => item.attention) ?? ever[0];
};

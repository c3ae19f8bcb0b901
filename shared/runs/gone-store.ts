import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { bookingKey } from '../bookings/keys.ts';
import {
  attentionFor,
  attentionValues,
  forPersonSchema,
  type ForPerson,
  setAttention,
} from '../bookings/attention.ts';
import { isAbsent } from '../platform/clauses.ts';
import { updateIf } from '../platform/conditional-writes.ts';
import type { Table } from '../platform/dynamo.ts';
import type { RunId } from '../platform/ids.ts';
import { runKeptUntil } from '../bookings/kept-until.ts';
import type { Instant } from '../platform/time.ts';
import { keyOfNote } from './due-store.ts';

/*
 * Table `Bookings`, keys of this module:
 *   RUN#<run>  GONE    a run with sold seats that a newer timetable lacks: a person decides what to do
 */
const keyOfGone = (runId: RunId) => bookingKey('gone', runId);

/** Flags such a run for a person's attention, once: later imports do not flag again what a person has settled. */
export const flagGoneRun = async (
  bookings: Table,
  runId: RunId,
  { version, now }: { version: string; now: Instant },
): Promise<void> => {
  const why = `seats of it are sold, and the timetable ${version} does not have it`;
  const attention = attentionFor('run-gone', why, { now, before: undefined });
  await updateIf(bookings, keyOfGone(runId), {
    onlyIf: [isAbsent],
    update: `SET #ttl = :ttl, ${setAttention}`,
    names: { '#ttl': 'ttl' },
    values: { ':ttl': runKeptUntil(runId), ...attentionValues(runId, attention) },
  });
};

/** The item that a person sees about a run: that the timetable lacks it, or else its note, which keeps failing. */
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

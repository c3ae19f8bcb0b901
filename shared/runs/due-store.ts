import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { dueOf } from '../platform/due.ts';
import { allOf, conditionally, type Table } from '../platform/dynamo.ts';
import { runIdSchema, type RunId } from '../platform/ids.ts';
import { newUlid } from '../platform/random.ts';
import { millisecondsOf, type Instant } from '../platform/time.ts';

/*
 * Table `Bookings`, keys of this module:
 *   RUN#<run>  CHANGE    a run to look at, because it may have to follow a newer version; in the index of what is due
 * Each note has a mark of its own, so that whoever is done with one does not strike out another that came meanwhile.
 */
const keyOf = (runId: RunId) => ({ pk: `RUN#${runId}`, sk: 'CHANGE' });

const keptDays = 30;

/** The run of a key of this module; undefined for other items. */
export const runOfKey = ({ pk, sk }: { pk: string; sk: string }): RunId | undefined =>
  pk.startsWith('RUN#') && sk === 'CHANGE' ? runIdSchema.parse(pk.slice('RUN#'.length)) : undefined;

/** Notes that a run is to be looked at, at the given time. */
export const noteRun = async (
  bookings: Table,
  runId: RunId,
  { dueAt, now }: { dueAt: Instant; now: Instant },
): Promise<void> => {
  const mark = newUlid(now);
  const ttl = Math.floor(millisecondsOf(dueAt) / 1000) + keptDays * 86_400;
  await bookings.client.send(
    new PutCommand({
      TableName: bookings.name,
      Item: { ...keyOf(runId), mark, ttl, ...dueOf(mark, dueAt) },
    }),
  );
};

/** The note of a run as it stands, for `strikeOut` and `putOff`. */
export const readNote = async (bookings: Table, runId: RunId): Promise<string | undefined> => {
  const { Item } = await bookings.client.send(
    new GetCommand({ TableName: bookings.name, Key: keyOf(runId), ConsistentRead: true }),
  );
  return Item && String(Item['mark']);
};

const changeNote = async (
  bookings: Table,
  { runId, mark }: { runId: RunId; mark: string },
  UpdateExpression: string,
  values = {},
): Promise<void> => {
  await conditionally(
    bookings.client.send(
      new UpdateCommand({
        TableName: bookings.name,
        Key: keyOf(runId),
        ConditionExpression: allOf('mark = :mark'),
        UpdateExpression,
        ExpressionAttributeValues: { ':mark': mark, ...values },
      }),
    ),
  );
};

/** Nothing is left to do for the run. */
export const strikeOut = (bookings: Table, note: { runId: RunId; mark: string }): Promise<void> =>
  changeNote(bookings, note, 'REMOVE dueShard, dueAt');

export const putOff = (
  bookings: Table,
  note: { runId: RunId; mark: string },
  dueAt: Instant,
): Promise<void> => changeNote(bookings, note, 'SET dueAt = :dueAt', { ':dueAt': dueAt });

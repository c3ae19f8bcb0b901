import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { bookingKey } from '../bookings/keys.ts';
import { removeAttention } from '../bookings/attention.ts';
import { dueValues, removeDue, setDue } from '../bookings/due.ts';
import { allOf, conditionally, type Item, type Table } from '../platform/dynamo.ts';
import type { RunId } from '../platform/ids.ts';
import { runKeptUntil } from '../bookings/kept-until.ts';
import { newUlid } from '../platform/random.ts';
import { instantSchema, type Instant } from '../platform/time.ts';

/*
 * Table `Bookings`, keys of this module:
 *   RUN#<run>  CHANGE    a run to look at, because it may have to follow a newer version; in the index of what is due
 * Each note has a mark of its own, so that whoever is done with one does not strike out another that came meanwhile.
 */
export const keyOfNote = (runId: RunId) => bookingKey('note', runId);

export type Note = {
  mark: string;
  /** The version that the run is to follow, where it may not be in force yet; and when it was noted for that. */
  awaits?: { version: string; since: Instant };
};

type Changed = { condition: string; update: string; names?: Record<string, string>; values?: Item };

const change = async (
  bookings: Table,
  runId: RunId,
  { condition, update, names, values }: Changed,
): Promise<boolean> => {
  const result = await conditionally(
    bookings.client.send(
      new UpdateCommand({
        TableName: bookings.name,
        Key: keyOfNote(runId),
        ConditionExpression: allOf(condition),
        UpdateExpression: update,
        ...(names && { ExpressionAttributeNames: names }),
        ExpressionAttributeValues: values,
      }),
    ),
  );
  return result.outcome === 'written';
};

/** A note is struck out, or falls due, at most so often between two writes of one request. */
const attemptsMax = 4;

/**
 * Notes that a run is to be looked at, at the given time, or when it is due already where that is sooner. Its mark is
 * new in either case: whoever is just looking may have read the timetable too early.
 */
export const noteRun = async (
  bookings: Table,
  runId: RunId,
  { dueAt, now, version }: { dueAt: Instant; now: Instant; version?: string },
): Promise<void> => {
  const mark = newUlid(now);
  const marked = { update: `SET mark = :mark${version ? ', version = :version, versionAt = :now' : ''}` };
  const values = { ':mark': mark, ':dueAt': dueAt, ...(version && { ':version': version, ':now': now }) };
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const isPut = await change(bookings, runId, {
      condition: 'attribute_not_exists(dueShard) OR dueAt > :dueAt',
      update: `${marked.update}, ${setDue}, #ttl = :ttl`,
      names: { '#ttl': 'ttl' },
      values: { ...values, ...dueValues(mark, dueAt), ':ttl': runKeptUntil(runId) },
    });
    if (isPut) return;
    const isMarked = await change(bookings, runId, {
      ...marked,
      condition: 'attribute_exists(dueShard) AND dueAt <= :dueAt',
      values,
    });
    if (isMarked) return;
  }
  throw new Error(`the run ${runId} was noted ${attemptsMax} times, and never as it stood`);
};

/** The note of a run as it stands, for `strikeOut` and `putOff`. */
export const readNote = async (bookings: Table, runId: RunId): Promise<Note | undefined> => {
  const { Item } = await bookings.client.send(
    new GetCommand({ TableName: bookings.name, Key: keyOfNote(runId), ConsistentRead: true }),
  );
  if (!Item) return undefined;
  const { mark, version, versionAt } = Item;
  return {
    mark: String(mark),
    ...(version !== undefined && {
      awaits: { version: String(version), since: instantSchema.parse(versionAt) },
    }),
  };
};

type Marked = { runId: RunId; mark: string };

/** Nothing is left to do for the run, and so nothing of it for a person either. */
export const strikeOut = async (bookings: Table, { runId, mark }: Marked): Promise<void> => {
  await change(bookings, runId, {
    condition: 'mark = :mark',
    update: `REMOVE ${removeDue}, version, versionAt, ${removeAttention}`,
    values: { ':mark': mark },
  });
};

/** It is looked at again: also where another has struck out this very note meanwhile. */
export const putOff = async (bookings: Table, { runId, mark }: Marked, dueAt: Instant): Promise<void> => {
  await change(bookings, runId, {
    condition: 'mark = :mark',
    update: `SET ${setDue}`,
    values: { ':mark': mark, ...dueValues(mark, dueAt) },
  });
};

import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { bookingKey } from '../bookings/keys.ts';
import { removeAttention } from '../bookings/attention.ts';
import { dueValues, removeDue, removePostponed, setDue } from '../bookings/due.ts';
import { clause, type Clause } from '../platform/clauses.ts';
import { updateIf } from '../platform/conditional-writes.ts';
import type { Table } from '../platform/dynamo.ts';
import type { RunId } from '../platform/ids.ts';
import { runKeptUntil } from '../bookings/kept-until.ts';
import { newUlid } from '../platform/random.ts';
import { instantSchema, type Instant } from '../platform/time.ts';

/*
 * Table `Bookings`, keys of this module:
 *   RUN#<run>  CHANGE    a run to look at, because it may have to follow a newer version; in the index of due items
 * Each note has a mark of its own, so that finishing one note does not remove another that came meanwhile.
 */
export const keyOfNote = (runId: RunId) => bookingKey('note', runId);

export type Note = {
  mark: string;
  /** The version that the run must follow, if it may not be in force yet, and the time of the note for it. */
  awaits?: { version: string; since: Instant };
};

const comesLaterThan = (dueAt: Instant): Clause =>
  clause('attribute_not_exists(dueShard) OR dueAt > :dueAt', { ':dueAt': dueAt });

const isDueBy = (dueAt: Instant): Clause =>
  clause('attribute_exists(dueShard) AND dueAt <= :dueAt', { ':dueAt': dueAt });

const hasMark = (mark: string): Clause => clause('mark = :mark', { ':mark': mark });

/** The most times that somebody else may remove a note, or that it may fall due, between two writes of one request. */
const attemptsMax = 4;

/**
 * Notes that the clean-up must look at a run at the given time, or earlier if it is due earlier already. The mark is
 * new in either case, because a look that is under way may have read the timetable too early.
 */
export const noteRun = async (
  bookings: Table,
  runId: RunId,
  { dueAt, now, version }: { dueAt: Instant; now: Instant; version?: string },
): Promise<void> => {
  const mark = newUlid(now);
  const key = keyOfNote(runId);
  const marked = `SET mark = :mark${version ? ', version = :version, versionAt = :now' : ''}`;
  const values = { ':mark': mark, ...(version && { ':version': version, ':now': now }) };
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const put = await updateIf(bookings, key, {
      onlyIf: [comesLaterThan(dueAt)],
      update: `${marked}, ${setDue}, #ttl = :ttl`,
      names: { '#ttl': 'ttl' },
      values: { ...values, ...dueValues(mark, dueAt), ':ttl': runKeptUntil(runId) },
    });
    if (put.outcome === 'written') return;
    const remarked = await updateIf(bookings, key, { onlyIf: [isDueBy(dueAt)], update: marked, values });
    if (remarked.outcome === 'written') return;
  }
  throw new Error(`the run ${runId} was noted ${attemptsMax} times, and its note changed each time`);
};

/** The current note of a run, for `removeNote` and `postponeNote`. */
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

/** Removes the note and its attention: nothing is left to do for the run, and so nothing for a person either. */
export const removeNote = async (bookings: Table, { runId, mark }: Marked): Promise<void> => {
  await updateIf(bookings, keyOfNote(runId), {
    onlyIf: [hasMark(mark)],
    update: `REMOVE ${removeDue}, ${removePostponed}, version, versionAt, ${removeAttention}`,
  });
};

/** Makes the run due again later, even if another call has removed this note meanwhile. */
export const postponeNote = async (
  bookings: Table,
  { runId, mark }: Marked,
  dueAt: Instant,
): Promise<void> => {
  await updateIf(bookings, keyOfNote(runId), {
    onlyIf: [hasMark(mark)],
    update: `SET ${setDue}`,
    values: dueValues(mark, dueAt),
  });
};

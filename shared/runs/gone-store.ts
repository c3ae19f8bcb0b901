import { bookingKey } from '../bookings/keys.ts';
import { attentionFor, attentionValues, setAttention } from '../bookings/attention.ts';
import { isAbsent } from '../platform/clauses.ts';
import { updateIf } from '../platform/conditional-writes.ts';
import type { Table } from '../platform/dynamo.ts';
import type { RunId } from '../platform/ids.ts';
import { runKeptUntil } from '../bookings/kept-until.ts';
import type { Instant } from '../platform/time.ts';

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

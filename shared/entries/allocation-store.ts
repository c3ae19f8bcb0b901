import { dueValues, removeDue, removePostponed, setDue } from '../bookings/due.ts';
import { removeAttention } from '../bookings/attention.ts';
import { runKeptUntil } from '../bookings/kept-until.ts';
import { bookingKey } from '../bookings/keys.ts';
import { clause, type Clause } from '../platform/clauses.ts';
import { updateIf } from '../platform/conditional-writes.ts';
import type { Table } from '../platform/dynamo.ts';
import type { OrderId, RunId } from '../platform/ids.ts';
import { newUlid } from '../platform/random.ts';
import { instantSchema, plusSeconds, type Instant } from '../platform/time.ts';

/**
 * Table `Bookings`: `WAITLIST#<run>` / `ALLOCATION` notes that seats of a run may have come free while entries wait for it.
 * Each note has a mark of its own, so that finishing one does not lose another that came meanwhile. Whoever works on it says
 * so, so that several do not do the same work; the conditions of T1 and T2 guard, not this.
 */
const keyOf = (runId: RunId) => bookingKey('allocation', runId);

/** If the event of a note is lost, the clean-up finds it after this long: early enough while the seats are kept. */
const foundAfterSeconds = 20;

/** Notes that seats of a run come free, before they do. `by` is the order that releases them, or the entry that waits. */
export const noteAllocation = async (
  bookings: Table,
  runId: RunId,
  { by, now }: { by: OrderId; now: Instant },
): Promise<void> => {
  const mark = newUlid(now);
  await updateIf(bookings, keyOf(runId), {
    onlyIf: [],
    update: `SET mark = :mark, askedBy = :by, askedAt = :now, #ttl = :ttl, ${setDue}`,
    names: { '#ttl': 'ttl' },
    values: {
      ':mark': mark,
      ':by': by,
      ':now': now,
      ':ttl': runKeptUntil(runId),
      ...dueValues(mark, plusSeconds(now, foundAfterSeconds)),
    },
  });
};

/** How long a worker has the run, unless it finishes: longer than a call may take. */
const busySeconds = 60;

const isFreeFor = (worker: string, now: Instant): Clause =>
  clause('attribute_not_exists(busyWith) OR busyWith = :worker OR busyUntil <= :now OR busyUntil > :latest', {
    ':worker': worker,
    ':now': now,
    ':latest': plusSeconds(now, busySeconds + 10),
  });

/** A taken note: its mark if there is one, and when it was last asked for. */
export type Taken = { worker: string; mark: string | undefined; askedAt: Instant | undefined };

/** Takes the run for this worker; undefined if another has it. */
export const takeAllocation = async (
  bookings: Table,
  runId: RunId,
  { worker, now }: { worker: string; now: Instant },
): Promise<Taken | undefined> => {
  const { outcome, item } = await updateIf(bookings, keyOf(runId), {
    onlyIf: [isFreeFor(worker, now)],
    update: 'SET busyWith = :worker, busyUntil = :until, #ttl = :ttl',
    names: { '#ttl': 'ttl' },
    values: { ':worker': worker, ':until': plusSeconds(now, busySeconds), ':ttl': runKeptUntil(runId) },
    returns: { written: true },
  });
  if (outcome !== 'written') return undefined;
  const mark = item?.['mark'];
  return {
    worker,
    mark: mark === undefined ? undefined : String(mark),
    askedAt: instantSchema.safeParse(item?.['askedAt']).data,
  };
};

const isHeldBy = (worker: string): Clause => clause('busyWith = :worker', { ':worker': worker });

const hasMark = (mark: string | undefined): Clause =>
  mark === undefined ? clause('attribute_not_exists(mark)') : clause('mark = :mark', { ':mark': mark });

/**
 * Ends the work on a taken note. `again`: when to look once more, although nothing is left to do now. `asked-again` if somebody
 * has noted something since; the run is still this worker's then.
 */
export const finishAllocation = async (
  bookings: Table,
  runId: RunId,
  { worker, mark }: Taken,
  again: Instant | undefined,
): Promise<'finished' | 'asked-again'> => {
  const { outcome } = await updateIf(bookings, keyOf(runId), {
    onlyIf: [isHeldBy(worker), hasMark(mark)],
    update: again
      ? `SET ${setDue} REMOVE busyWith, busyUntil, ${removePostponed}`
      : `REMOVE busyWith, busyUntil, ${removeDue}, ${removePostponed}, ${removeAttention}`,
    ...(again && { values: dueValues(mark ?? newUlid(again), again) }),
  });
  return outcome === 'written' ? 'finished' : 'asked-again';
};

/** Lets the next worker take the run at once: this one has failed, or has no more time. */
export const leaveAllocation = async (bookings: Table, runId: RunId, { worker }: Taken): Promise<void> => {
  await updateIf(bookings, keyOf(runId), {
    onlyIf: [isHeldBy(worker)],
    update: 'REMOVE busyWith, busyUntil',
  });
};

import { leaveQueue } from '../entries/queue-store.ts';
import { placesInQueues } from '../entries/rules.ts';
import { endEntry, readEntry, withdrawEntry } from '../entries/store.ts';
import type { Entry, EntryEnd, EntryIn } from '../entries/model.ts';
import { countEntryEnded } from '../orders/counts-store.ts';
import { refundEntry, wholeRefundOf } from '../paying/refund-entry.ts';
import { putRefund } from '../payments/refunds-store.ts';
import { takeRefundable } from '../payments/store.ts';
import { decideAnew } from '../platform/decide-anew.ts';
import { writeTogether, type LabelledWrite, type Table } from '../platform/dynamo.ts';
import type { OrderId, UserId } from '../platform/ids.ts';
import { accepted, rejected, type Outcome, type Rejected } from '../platform/outcome.ts';
import type { Clock, Instant } from '../platform/time.ts';
import type { WithdrawRefusal } from './rules.ts';

type Dependencies = { bookings: Table; clock: Clock };

type How = 'withdrawn' | EntryEnd;

/**
 * T23, T48: ends an open entry, in one transaction with everything that follows: it leaves its queues, the user has one open
 * entry less, and what was paid goes back. Whatever else happens to the entry at this moment, one of the two counts.
 */
export const finishEntry = async (
  { bookings, clock }: Dependencies,
  entry: EntryIn<'unpaid' | 'waiting'>,
  how: How,
): Promise<Outcome<object, 'changed-meanwhile'>> => {
  const now = clock();
  const writes: LabelledWrite<string>[] = [
    {
      label: 'entry',
      write:
        how === 'withdrawn'
          ? withdrawEntry(bookings, entry, now)
          : endEntry(bookings, entry, { endReason: how, now }),
    },
    { label: 'count', write: countEntryEnded(bookings, entry.ownerId) },
    ...(entry.state === 'waiting' ? moneyBack(bookings, entry, now) : []),
  ];
  const outcome = await writeTogether(bookings.client, writes);
  return outcome.outcome === 'written' ? accepted({}) : rejected('changed-meanwhile');
};

const moneyBack = (bookings: Table, entry: EntryIn<'waiting'>, now: Instant): LabelledWrite<string>[] => {
  const { entryId: orderId, paidBy: paymentId, amount } = entry;
  const refund = wholeRefundOf({ orderId, paymentId }, amount, 'not-served', now);
  return [
    ...placesInQueues(entry, entry.waitingSince).map((place) => ({
      label: 'queue',
      write: leaveQueue(bookings, place, now),
    })),
    { label: 'payment', write: takeRefundable(bookings, paymentId, amount.amount) },
    { label: 'refund', write: putRefund(bookings, refund) },
    { label: 'journal', write: refundEntry(bookings, refund, now) },
  ];
};

/** The number of tries, if something happens to the entry at the same moment. */
const attemptsMax = 4;

type Withdrawn = Outcome<{ entry: Entry }, WithdrawRefusal>;

/** T23 by its passenger: the entry no longer waits, and everything goes back. */
export const withdrawFromWaitlist =
  (dependencies: Dependencies) =>
  async (entryId: OrderId, userId: UserId): Promise<Withdrawn> => {
    const done = await decideAnew(attemptsMax, () => withdrawOnce(dependencies, entryId, userId));
    return done.outcome === 'rejected' && done.reason === 'changed-meanwhile' ? rejected('busy') : done;
  };

const withdrawOnce = async (
  dependencies: Dependencies,
  entryId: OrderId,
  userId: UserId,
): Promise<Withdrawn | Rejected<'changed-meanwhile'>> => {
  const entry = await readEntry(dependencies.bookings, entryId);
  if (entry?.ownerId !== userId) return rejected('not-found');
  // Somebody who withdraws twice has what they want.
  if (entry.state === 'withdrawn') return accepted({ entry });
  if (entry.state !== 'unpaid' && entry.state !== 'waiting') return rejected('entry-over');
  const finished = await finishEntry(dependencies, entry, 'withdrawn');
  if (finished.outcome === 'rejected') return finished;
  const withdrawn = await readEntry(dependencies.bookings, entryId);
  return withdrawn ? accepted({ entry: withdrawn }) : rejected('not-found');
};

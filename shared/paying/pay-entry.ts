import type { EntryIn } from '../entries/model.ts';
import { putQueued } from '../entries/queue-store.ts';
import { placesInQueues } from '../entries/rules.ts';
import { letWait } from '../entries/store.ts';
import type { PaymentIn } from '../payments/model.ts';
import { applyToOrder } from '../payments/store.ts';
import { writeTogether, type Table } from '../platform/dynamo.ts';
import { accepted, rejected, type Accepted, type Rejected } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';

/** T46: the entry waits from now on, in the queue of each of its wishes. */
export const payEntry = async (
  { bookings, clock }: { bookings: Table; clock: Clock },
  { entry, payment }: { entry: EntryIn<'unpaid'>; payment: PaymentIn<'captured'> },
): Promise<Accepted<{ now: 'waiting' }> | Rejected<'changed-meanwhile'>> => {
  const now = clock();
  const outcome = await writeTogether(bookings.client, [
    { label: 'entry', write: letWait(bookings, entry, { paidBy: payment.paymentId, now }) },
    { label: 'payment', write: applyToOrder(bookings, payment, now) },
    ...placesInQueues(entry, now).map((place) => ({ label: 'queue', write: putQueued(bookings, place) })),
  ]);
  return outcome.outcome === 'written' ? accepted({ now: 'waiting' }) : rejected('changed-meanwhile');
};

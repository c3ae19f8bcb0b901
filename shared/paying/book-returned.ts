import type { Attention } from '../bookings/attention.ts';
import { entryOf } from '../ledger/rules.ts';
import { putEntry } from '../ledger/store.ts';
import type { CapturedPayment, RefundIn } from '../payments/model.ts';
import { markReturned, markSurplusReturned } from '../payments/settling-store.ts';
import { writeTogether, type Table, type TransactItem } from '../platform/dynamo.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Clock, Instant } from '../platform/time.ts';
import { countPaidBack } from './count-paid-back.ts';

type Dependencies = { bookings: Table; clock: Clock };

type Booked = Outcome<{ now: 'nothing-to-do' }, 'changed-meanwhile'>;

/**
 * T39: the provider has paid a refund back and then had the money again: some do so if the passenger's bank returns it, days
 * later. We owe it again, and a person pays it by another way; the order stays refunded. A person who has it in hand, and may
 * have paid it already, keeps it.
 */
export const bookReturned = async (
  { bookings, clock }: Dependencies,
  payment: CapturedPayment,
  {
    refund,
    ...returned
  }: { refund: RefundIn<'succeeded'>; why: string; attention: Attention; again: Instant },
): Promise<Booked> => {
  const now = clock();
  const { orderId, refundNumber: source, amount } = refund;
  const { provider } = payment;
  return written(bookings, {
    refund: markReturned(bookings, refund, { ...returned, now }),
    payment: await countPaidBack(bookings, payment, -amount.amount),
    journal: putEntry(bookings, entryOf('refund-returned', { orderId, source, provider, amount, at: now })),
  });
};

/** T39 about a refund that a person has paid as well (T36): the passenger has it once now, and nothing more is owed. */
export const bookSurplusReturned = async (
  { bookings, clock }: Dependencies,
  { provider }: CapturedPayment,
  { refund, attention }: { refund: RefundIn<'settled' | 'succeeded'>; attention: Attention },
): Promise<Booked> => {
  const now = clock();
  const { orderId, refundNumber: source, amount } = refund;
  return written(bookings, {
    refund: markSurplusReturned(bookings, refund, { attention, now }),
    journal: putEntry(bookings, entryOf('surplus-returned', { orderId, source, provider, amount, at: now })),
  });
};

const written = async (bookings: Table, writes: Readonly<Record<string, TransactItem>>): Promise<Booked> => {
  const labelled = Object.entries(writes).map(([label, write]) => ({ label, write }));
  const { outcome } = await writeTogether(bookings.client, labelled);
  return outcome === 'written' ? accepted({ now: 'nothing-to-do' }) : rejected('changed-meanwhile');
};

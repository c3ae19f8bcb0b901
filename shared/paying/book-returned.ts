import type { Attention } from '../bookings/attention.ts';
import { entryOf } from '../ledger/rules.ts';
import { putEntry } from '../ledger/store.ts';
import type { CapturedPayment, RefundIn } from '../payments/model.ts';
import { markReturned } from '../payments/settling-store.ts';
import { writeTogether, type Table } from '../platform/dynamo.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Clock, Instant } from '../platform/time.ts';

/**
 * T39: the provider has paid a refund back and then had the money again: some do so if the passenger's bank
 * returns it, days later. We owe it again, and a person pays it by another way; the order stays refunded.
 */
export const bookReturned = async (
  { bookings, clock }: { bookings: Table; clock: Clock },
  payment: CapturedPayment,
  {
    refund,
    ...returned
  }: { refund: RefundIn<'succeeded'>; why: string; attention: Attention; again: Instant },
): Promise<Outcome<{ now: 'nothing-to-do' }, 'changed-meanwhile'>> => {
  const now = clock();
  const { orderId, refundNumber: source, amount } = refund;
  const outcome = await writeTogether(bookings.client, [
    { label: 'refund', write: markReturned(bookings, refund, { ...returned, now }) },
    {
      label: 'journal',
      write: putEntry(
        bookings,
        entryOf('refund-returned', { orderId, source, provider: payment.provider, amount, at: now }),
      ),
    },
  ]);
  return outcome.outcome === 'written' ? accepted({ now: 'nothing-to-do' }) : rejected('changed-meanwhile');
};

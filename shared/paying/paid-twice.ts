import { entryOf } from '../ledger/rules.ts';
import { putEntry } from '../ledger/store.ts';
import type { Payment, RefundIn } from '../payments/model.ts';
import { markPaidTwice } from '../payments/settling-store.ts';
import { attentionFor, type Handled } from '../bookings/attention.ts';
import { writeTogether, type Table } from '../platform/dynamo.ts';
import type { Clock } from '../platform/time.ts';

/**
 * T36: both a person and the provider have paid a refund back. No condition of ours can keep a provider from acting on
 * a number that it had declined, but this makes it visible. A repetition records it once. `by` is the person who paid;
 * `handled` is that person's report, if the provider had paid before.
 */
export const bookPaidTwice = async (
  { bookings, clock }: { bookings: Table; clock: Clock },
  { provider }: Pick<Payment, 'provider'>,
  refund: RefundIn<'settled' | 'succeeded'>,
  { by, handled }: { by: string; handled?: Handled },
): Promise<void> => {
  const now = clock();
  const kind = refund.state === 'settled' ? 'paid-twice-by-provider' : 'paid-twice-by-hand';
  const why = `paid back by ${by}, and by the provider`;
  const attention = attentionFor('refund-paid-twice', why, { now, before: refund.attention });
  const { orderId, refundNumber: source, amount } = refund;
  const paidTwice = { attention, now, ...(handled && { handled }) };
  await writeTogether(bookings.client, [
    { label: 'refund', write: markPaidTwice(bookings, refund, paidTwice) },
    {
      label: 'journal',
      write: putEntry(bookings, entryOf(kind, { orderId, source, provider, amount, at: now })),
    },
  ]);
};

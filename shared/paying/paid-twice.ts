import { entryOf } from '../ledger/rules.ts';
import { putEntry } from '../ledger/store.ts';
import type { Refund } from '../payments/model.ts';
import { markPaidTwice } from '../payments/settling-store.ts';
import { attentionFor, type Handled } from '../bookings/attention.ts';
import { writeTogether, type Table } from '../platform/dynamo.ts';
import type { Clock } from '../platform/time.ts';

/**
 * T36: what a person has paid back was paid back by the provider as well. No condition of ours can keep a provider from
 * acting on a number that it had declined; but it never goes unnoticed. Repeated, it happens once.
 */
export const bookPaidTwice = async (
  { bookings, clock }: { bookings: Table; clock: Clock },
  refund: Refund,
  { from, handled }: { from: 'settled' | 'succeeded'; handled?: Handled },
): Promise<void> => {
  const now = clock();
  const kind = from === 'settled' ? 'paid-twice-by-provider' : 'paid-twice-by-hand';
  const why = `paid back by ${refund.settledBy ?? 'a person'}, and by the provider`;
  const attention = attentionFor('refund-paid-twice', why, { now, before: refund.attention });
  const { orderId, refundNumber: source, amount } = refund;
  const paidTwice = { from, attention, now, ...(handled && { handled }) };
  await writeTogether(bookings.client, [
    { label: 'refund', write: markPaidTwice(bookings, refund, paidTwice) },
    { label: 'journal', write: putEntry(bookings, entryOf(kind, { orderId, source, amount, at: now })) },
  ]);
};

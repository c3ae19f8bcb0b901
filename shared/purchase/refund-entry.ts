import { entryOf } from '../ledger/rules.ts';
import { putEntry } from '../ledger/store.ts';
import type { Refund } from '../payments/model.ts';
import type { Table, TransactItem } from '../platform/dynamo.ts';
import type { Instant } from '../platform/time.ts';

/** The journal entry of money that is now owed back. */
export const refundEntry = (bookings: Table, refund: Refund, at: Instant): TransactItem =>
  putEntry(
    bookings,
    entryOf('refund-requested', {
      orderId: refund.orderId,
      source: refund.refundNumber,
      amount: refund.amount,
      at,
    }),
  );

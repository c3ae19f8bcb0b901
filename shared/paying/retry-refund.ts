import type { Refund } from '../payments/model.ts';
import { retryRefund } from '../payments/settling-store.ts';
import type { Table } from '../platform/dynamo.ts';
import type { Outcome } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import { decideRetry, type Person } from './decide-by-hand.ts';
import type { ByHandRefusal } from './rules.ts';

/**
 * T33: sends a refund once more, on a person's word, after the provider declined it for good. It keeps its number, and
 * stays flagged until the money is back. Refused while somebody pays it back by another way.
 */
export const retryFailedRefund =
  ({ bookings, clock }: { bookings: Table; clock: Clock }) =>
  async (refund: Refund, person: Person): Promise<Outcome<object, ByHandRefusal>> => {
    const now = clock();
    const decided = decideRetry(refund, person, now);
    if (decided.outcome === 'rejected') return decided;
    return retryRefund(bookings, decided.refund, { ...decided, now });
  };

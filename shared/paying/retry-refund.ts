import type { Refund } from '../payments/model.ts';
import { retryRefund } from '../payments/settling-store.ts';
import { attentionFor, type Handled } from '../bookings/attention.ts';
import type { Table } from '../platform/dynamo.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import type { SettleRefusal } from './settle-refund.ts';

/**
 * T33: a person wants a refund that was declined for good to be sent once more. It keeps its number, and stays in sight
 * until the money is back. Refused while somebody pays it back by another way.
 */
export const retryFailedRefund =
  ({ bookings, clock }: { bookings: Table; clock: Clock }) =>
  async (
    refund: Refund,
    person: Pick<Handled, 'by' | 'reason'>,
  ): Promise<Outcome<object, SettleRefusal | 'changed-meanwhile'>> => {
    if (refund.state === 'settling') return rejected('in-other-hands');
    if (refund.state !== 'failed') return rejected('already-back');
    const now = clock();
    const attention = attentionFor('refund-unconfirmed', `retried by ${person.by}`, {
      now,
      before: refund.attention,
    });
    const handled: Handled = { ...person, at: now, did: 'retried' };
    const isRetried = await retryRefund(bookings, refund, { handled, attention, now });
    return isRetried ? accepted({}) : rejected('changed-meanwhile');
  };

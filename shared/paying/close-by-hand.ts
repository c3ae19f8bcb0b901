import { markClosedByHand } from '../payments/close-by-hand-store.ts';
import type { Payment } from '../payments/model.ts';
import type { Table } from '../platform/dynamo.ts';
import { accepted, type Outcome } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import type { FindProvider } from './ask-provider.ts';
import type { Person } from './decide-by-hand.ts';
import { decideCloseByHand } from './decide-close-by-hand.ts';
import type { CloseByHandRefusal } from './rules.ts';
import { settlePayment } from './settle-payment.ts';

type Dependencies = { bookings: Table; clock: Clock; findProvider: FindProvider };

/**
 * T38: a provider that is switched off or no longer exists never reports that a payment has closed. Days after it ran
 * out, a person who has seen at the provider that nothing was paid may close it. This asks the provider once more
 * before.
 */
export const closeByHand =
  (dependencies: Dependencies) =>
  async (
    payment: Payment,
    person: Person,
  ): Promise<Outcome<{ now: 'closed-by-hand' | 'seen-to' }, CloseByHandRefusal>> => {
    const { bookings, clock } = dependencies;
    const decided = decideCloseByHand(payment, person, clock());
    if (decided.outcome === 'rejected') return decided;
    const settled = await settlePayment(dependencies)(payment);
    if (settled.outcome === 'accepted') return accepted({ now: 'seen-to' });
    const closed = await markClosedByHand(bookings, decided.payment, decided);
    return closed.outcome === 'accepted' ? accepted({ now: 'closed-by-hand' }) : closed;
  };

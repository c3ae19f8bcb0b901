import { askNoMore, markClosedByHand } from '../payments/close-by-hand-store.ts';
import type { Payment, PaymentIn } from '../payments/model.ts';
import { askAgainAt } from '../payments/store.ts';
import type { Table } from '../platform/dynamo.ts';
import { accepted, never, type Outcome } from '../platform/outcome.ts';
import type { Clock, Instant } from '../platform/time.ts';
import { askProvider, type FindProvider } from './ask-provider.ts';
import type { Person } from './decide-by-hand.ts';
import { decideCloseByHand, decideWatch } from './decide-close-by-hand.ts';
import { recordCapture } from './record-notification.ts';
import type { CaptureRefusal, CloseByHandRefusal } from './rules.ts';
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

/** Books money that the provider has after all, as long as we keep asking; later only a notification reports it. */
export const watchClosedByHand =
  (dependencies: Dependencies) =>
  async (
    payment: PaymentIn<'closed'>,
    closedByHandAt: Instant,
  ): Promise<Outcome<object, CaptureRefusal | 'changed-meanwhile'>> => {
    const { bookings, clock } = dependencies;
    const asked = await askProvider(dependencies, payment, (provider) => provider.query(payment));
    const known = asked.outcome === 'accepted' ? asked.answer : undefined;
    const decided = decideWatch({ payment, closedByHandAt }, known, clock());
    switch (decided.write) {
      case 'capture':
        return recordCapture(dependencies)(payment, decided.captured);
      case 'ask-again':
        return askAgainAt(bookings, payment.paymentId, decided.again);
      case 'ask-no-more':
        return askNoMore(bookings, payment);
      default:
        return never(decided);
    }
  };

import { askNoMore, markClosedByHand } from '../payments/close-by-hand-store.ts';
import { isUnfinished, type Payment, type PaymentIn } from '../payments/model.ts';
import { askAboutEndedAt, askSeldomAt, unansweredSince } from '../payments/rules.ts';
import { askAgainAt } from '../payments/store.ts';
import type { Handled } from '../bookings/attention.ts';
import type { Table } from '../platform/dynamo.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Clock, Instant } from '../platform/time.ts';
import { askProvider, type FindProvider } from './ask-provider.ts';
import { recordCapture } from './record-notification.ts';
import { settlePayment } from './settle-payment.ts';

type Dependencies = { bookings: Table; clock: Clock; findProvider: FindProvider };

/**
 * T38: a provider that is switched off or gone never says that a payment cannot be paid any more. Days after it ran out
 * a person may say so, who has seen at the provider that nothing was paid. It is asked once more before.
 */
export const closeByHand =
  (dependencies: Dependencies) =>
  async (
    payment: Payment,
    person: Pick<Handled, 'by' | 'reason'>,
  ): Promise<Outcome<{ now: 'closed-by-hand' | 'seen-to' }, 'still-tried' | 'changed-meanwhile'>> => {
    const { bookings, clock } = dependencies;
    if (!isUnfinished(payment)) return rejected('changed-meanwhile');
    if (payment.expiresAt > unansweredSince(clock())) return rejected('still-tried');
    if ((await settlePayment(dependencies)(payment)).outcome === 'accepted')
      return accepted({ now: 'seen-to' });
    const now = clock();
    const closed = await markClosedByHand(bookings, payment, {
      handled: { ...person, at: now, did: 'settled' },
      unclosedSince: unansweredSince(now),
      again: askSeldomAt(now),
    });
    return closed.outcome === 'accepted' ? accepted({ now: 'closed-by-hand' }) : closed;
  };

/** Money that the provider has after all is booked, for as long as it is asked; later only a notification tells of it. */
export const watchClosedByHand =
  (dependencies: Dependencies) =>
  async (payment: PaymentIn<'closed'>, closedByHandAt: Instant): Promise<void> => {
    const { bookings, clock } = dependencies;
    const asked = await askProvider(dependencies, payment, (provider) => provider.query(payment));
    const known = asked.outcome === 'accepted' ? asked.answer : undefined;
    const isBooked =
      known?.state === 'captured' &&
      (await recordCapture(dependencies)(payment, known)).outcome === 'accepted';
    if (isBooked) return;
    const again = askAboutEndedAt(closedByHandAt, clock());
    if (again) await askAgainAt(bookings, payment.paymentId, again);
    else await askNoMore(bookings, payment);
  };

import { callDispute, dropDoubt } from '../payments/doubts-store.ts';
import { isCaptured, isUnfinished } from '../payments/model.ts';
import { disputedBefore, patienceSeconds } from '../payments/rules.ts';
import { askAgainAt, readPayment } from '../payments/store.ts';
import { attentionFor } from '../bookings/attention.ts';
import type { Table } from '../platform/dynamo.ts';
import { toDecimal } from '../platform/money.ts';
import type { PaymentId } from '../platform/ids.ts';
import { plusSeconds, type Clock } from '../platform/time.ts';
import { askProvider, type FindProvider } from './ask-provider.ts';
import { recordCapture } from './record-notification.ts';

const askAgainSeconds = 120;

/**
 * A notification told of another amount for a payment that can take no money any more: what the provider has in its
 * books is booked, and goes back. Where it has nothing, or does not answer for long, a person compares. One that can
 * still be paid is asked about anyway.
 */
export const resolveDoubt =
  (dependencies: { bookings: Table; clock: Clock; findProvider: FindProvider }) =>
  async (paymentId: PaymentId): Promise<void> => {
    const { bookings, clock } = dependencies;
    const payment = await readPayment(bookings, paymentId);
    if (!payment || isCaptured(payment) || isUnfinished(payment) || !payment.doubtedAt) return;
    const asked = await askProvider(dependencies, payment, (provider) => provider.query(payment));
    const known = asked.outcome === 'accepted' ? asked.answer : undefined;
    const isBooked =
      known?.state === 'captured' &&
      (await recordCapture(dependencies)(payment, known)).outcome === 'accepted';
    if (isBooked) return;
    const now = clock();
    if (!known && plusSeconds(payment.doubtedAt, patienceSeconds) > now) {
      await askAgainAt(bookings, paymentId, plusSeconds(now, askAgainSeconds));
      return;
    }
    const { doubtedAmount: told } = payment;
    const amount = told ? `${toDecimal(told)} ${told.currency}` : 'another amount';
    const why = `a notification told of ${amount}, and the provider says ${known?.state ?? 'nothing'}`;
    if (told && disputedBefore(payment, why)) return void (await dropDoubt(bookings, payment, told));
    await callDispute(
      bookings,
      payment,
      attentionFor('amount-disputed', why, { now, before: payment.attention }),
    );
  };

import { entryOf } from '../ledger/rules.ts';
import { putEntry } from '../ledger/store.ts';
import { readOrder } from '../orders/store.ts';
import { markRefunded } from '../orders/transitions-store.ts';
import type { Payment, Refund } from '../payments/model.ts';
import {
  askAboutAgain,
  markFailed,
  markSubmitted,
  markSucceeded,
  readRefund,
} from '../payments/refunds-store.ts';
import { askAboutEndedAt, decideAgain, type RefundAnswer } from '../payments/rules.ts';
import { markPaymentRefunded, readPayment } from '../payments/store.ts';
import { attentionFor } from '../bookings/attention.ts';
import { writeTogether, type Table } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import type { Clock } from '../platform/time.ts';
import { askProvider, type FindProvider } from './ask-provider.ts';
import { bookPaidTwice } from './paid-twice.ts';

export type RefundDependencies = { bookings: Table; clock: Clock; findProvider: FindProvider };

export type Submitted = 'succeeded' | 'submitted' | 'failed' | 'nothing-to-do';

/**
 * Sends a refund that was decided to its provider, by its fixed number, and finds out whether the money is back (T21).
 * Anyone may repeat it: the provider pays one number once. One that the provider will not pay, or that a person pays,
 * is only asked about: the provider may have changed its mind.
 */
export const submitRefund =
  (dependencies: RefundDependencies) =>
  async (orderId: OrderId, refundNumber: string): Promise<Submitted> => {
    const { bookings, clock } = dependencies;
    const refund = await readRefund(bookings, orderId, refundNumber);
    if (!refund || refund.state === 'succeeded') return 'nothing-to-do';
    const payment = await readPayment(bookings, refund.paymentId);
    if (!payment) throw new Error(`the refund ${refundNumber} has no payment`);
    const answer = await ask(dependencies, payment, refund);
    if (answer.state === 'succeeded') return confirmRefund(dependencies, payment, refund);
    const now = clock();
    if (refund.state !== 'requested' && refund.state !== 'submitted') {
      await askAboutAgain(bookings, refund, askAboutEndedAt(refund, now));
      return 'nothing-to-do';
    }
    if (answer.state === 'failed') {
      const attention = attentionFor('refund-declined', answer.why, { now, before: refund.attention });
      const again = askAboutEndedAt(refund, now) ?? now;
      await markFailed(bookings, refund, { why: answer.why, attention, again });
      return 'failed';
    }
    await markSubmitted(bookings, refund, decideAgain(refund, answer, now));
    return 'submitted';
  };

/**
 * What was submitted before is asked about first; only if the provider knows nothing of it, or has declined it, is it
 * sent again.
 */
const ask = async (
  dependencies: RefundDependencies,
  payment: Payment,
  refund: Refund,
): Promise<RefundAnswer> => {
  const asked = await askProvider(dependencies, payment, async (provider) => {
    if (refund.state === 'requested') return provider.refund(payment, refund);
    const known = await provider.queryRefund(payment, refund);
    const isSent =
      refund.state === 'submitted' && (known.state === 'not-exist' || known.state === 'declined');
    return isSent ? await provider.refund(payment, refund) : known;
  });
  return asked.outcome === 'accepted' ? asked.answer : { state: 'silent', why: asked.why };
};

/** T21 for what the provider confirms; T36 where a person has paid it back before. */
export const confirmRefund = async (
  dependencies: Pick<RefundDependencies, 'bookings' | 'clock'>,
  payment: Payment,
  refund: Refund,
): Promise<Submitted> => {
  const { bookings, clock } = dependencies;
  const now = clock();
  if (refund.state === 'settled') {
    await bookPaidTwice(dependencies, refund, { from: 'settled' });
    return 'nothing-to-do';
  }
  const order = await readOrder(bookings, refund.orderId, { consistent: true });
  const endsOrder = order?.state === 'refunding' && order.paidBy === payment.paymentId;
  const entry = entryOf('refunded', {
    orderId: refund.orderId,
    source: refund.refundNumber,
    amount: refund.amount,
    at: now,
  });
  const outcome = await writeTogether(bookings.client, [
    { label: 'refund', write: markSucceeded(bookings, refund, now) },
    { label: 'payment', write: markPaymentRefunded(bookings, payment) },
    ...(endsOrder ? [{ label: 'order', write: markRefunded(bookings, order, now) }] : []),
    { label: 'journal', write: putEntry(bookings, entry) },
  ]);
  if (outcome.outcome === 'written') return 'succeeded';
  // It may have been settled between reading and writing: then the provider has paid it as well.
  const stands = await readRefund(bookings, refund.orderId, refund.refundNumber);
  if (stands?.state === 'settled') await bookPaidTwice(dependencies, stands, { from: 'settled' });
  return stands?.state === 'succeeded' ? 'succeeded' : 'nothing-to-do';
};

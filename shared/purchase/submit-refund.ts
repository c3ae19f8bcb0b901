import { entryOf } from '../ledger/rules.ts';
import { putEntry } from '../ledger/store.ts';
import { callAttention } from '../orders/marks-store.ts';
import { readOrder } from '../orders/store.ts';
import { markRefunded } from '../orders/transitions-store.ts';
import type { Payment, Refund } from '../payments/model.ts';
import type { PaymentProvider, ProviderRefund } from '../payments/provider.ts';
import { markFailed, markSubmitted, markSucceeded, readRefund } from '../payments/refunds-store.ts';
import { markPaymentRefunded, readPayment } from '../payments/store.ts';
import { writeTogether, type Table } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import { plusSeconds, type Clock } from '../platform/time.ts';
import type { FindProvider } from './settle-payment.ts';

type Dependencies = { bookings: Table; clock: Clock; findProvider: FindProvider };

/** The provider is asked again after these times, the last one repeated: 10 s is what Alipay wants before a query. */
const againAfterSeconds = [10, 20, 60, 300, 900, 3600];

/** Tried this often without an answer, it is shown to a person, and tried on. */
const attemptsBeforeAttention = 6;

/**
 * Sends a refund that was decided to its provider, by its fixed number, and finds out whether the money is back (T21).
 * Anyone may repeat it: the provider pays one number once.
 */
export const submitRefund =
  (dependencies: Dependencies) =>
  async (
    orderId: OrderId,
    refundNumber: string,
  ): Promise<'succeeded' | 'submitted' | 'failed' | 'nothing-to-do'> => {
    const { bookings, clock, findProvider } = dependencies;
    const refund = await readRefund(bookings, orderId, refundNumber);
    if (!refund || refund.state === 'succeeded' || refund.state === 'failed') return 'nothing-to-do';
    const payment = await readPayment(bookings, refund.paymentId);
    if (!payment) throw new Error(`the refund ${refundNumber} has no payment`);
    const provider = findProvider(payment.provider);
    const answer = provider && (await ask(provider, payment, refund).catch(() => undefined));
    if (answer?.state === 'succeeded') return succeed(dependencies, payment, refund);
    if (answer?.state === 'failed') {
      // In this order: what is marked as failed is no longer due, and nobody would come to tell.
      await callAttention(bookings, orderId, `refund ${refundNumber} failed: ${answer.why}`);
      await markFailed(bookings, refund, answer.why);
      return 'failed';
    }
    const seconds = againAfterSeconds[Math.min(refund.attempts, againAfterSeconds.length - 1)] ?? 3600;
    const stuck = refund.attempts + 1 >= attemptsBeforeAttention;
    await markSubmitted(bookings, refund, {
      again: plusSeconds(clock(), seconds),
      ...(stuck && { needsAttention: 'the provider does not confirm it' }),
    });
    return 'submitted';
  };

/** What was submitted before is asked about first; only if the provider knows nothing of it is it sent again. */
const ask = async (provider: PaymentProvider, payment: Payment, refund: Refund): Promise<ProviderRefund> => {
  if (refund.state === 'submitted') {
    const known = await provider.queryRefund(payment, refund);
    if (known.state !== 'not-exist') return known;
  }
  return provider.refund(payment, refund);
};

const succeed = async (
  { bookings, clock }: Dependencies,
  payment: Payment,
  refund: Refund,
): Promise<'succeeded'> => {
  const now = clock();
  const order = await readOrder(bookings, refund.orderId, { consistent: true });
  const endsOrder = order?.state === 'refunding' && order.paidBy === payment.paymentId;
  const entry = entryOf('refunded', {
    orderId: refund.orderId,
    source: refund.refundNumber,
    amount: refund.amount,
    at: now,
  });
  await writeTogether(bookings.client, [
    { label: 'refund', write: markSucceeded(bookings, refund, now) },
    { label: 'payment', write: markPaymentRefunded(bookings, payment) },
    ...(endsOrder ? [{ label: 'order', write: markRefunded(bookings, order, now) }] : []),
    { label: 'journal', write: putEntry(bookings, entry) },
  ]);
  return 'succeeded';
};

import { entryOf } from '../ledger/rules.ts';
import { putEntry } from '../ledger/store.ts';
import {
  isCaptured,
  type CapturedPayment,
  type Payment,
  type PaymentRef,
  type ProviderName,
  type UncapturedPayment,
} from '../payments/model.ts';
import { callPaymentAttention, doubtPayment, markOtherAmount } from '../payments/doubts-store.ts';
import { keepNotification, keepRefusedNotification } from '../payments/notifications-store.ts';
import type { ProviderPayment, VerifiedNotification } from '../payments/provider.ts';
import { putRefund } from '../payments/refunds-store.ts';
import { contradiction, disputedBefore, judgeCapture } from '../payments/rules.ts';
import { markCaptured, readPayment } from '../payments/store.ts';
import { attentionFor } from '../bookings/attention.ts';
import { writeTogether, type Table } from '../platform/dynamo.ts';
import { paymentIdSchema } from '../platform/ids.ts';
import { logger } from '../platform/log.ts';
import type { Money } from '../platform/money.ts';
import { accepted, rejected, type Accepted, type Outcome } from '../platform/outcome.ts';
import type { Clock, Instant } from '../platform/time.ts';
import { refundEntry, wholeRefundOf } from './refund-entry.ts';

type Dependencies = { bookings: Table; clock: Clock };

export type RecordedNotification = Outcome<Booked, 'unknown-payment' | 'amount-mismatch'>;

/**
 * What a verified notification says becomes a fact, once: the notification under the provider's id, the payment
 * captured (T11) and its journal entry, in one transaction. Applying the money follows from the payment's stream
 * record; nothing else is done here, so that the provider is answered in time. A notification of another amount is
 * refused and moves no money: the provider's books are asked about the payment, and decide.
 */
export const recordNotification =
  ({ bookings, clock }: Dependencies) =>
  async (
    provider: ProviderName,
    { notificationId, paymentNumber, says }: VerifiedNotification,
  ): Promise<RecordedNotification> => {
    const paymentId = paymentIdSchema.safeParse(paymentNumber);
    const payment = paymentId.success ? await readPayment(bookings, paymentId.data) : undefined;
    if (!payment || payment.provider !== provider) return rejected('unknown-payment');
    if (says.kind !== 'captured') return accepted({ now: 'recorded' });
    const now = clock();
    if (isCaptured(payment)) {
      await compareWithBooked(bookings, payment, says.paid, now);
      return accepted({ now: 'known-before' });
    }
    if (judgeCapture(payment, says.paid) !== 'as-asked') {
      const why = 'amount-mismatch';
      await keepRefusedNotification(bookings, { provider, notificationId, payment, why, now });
      await doubtPayment(bookings, payment, says.paid, now);
      return rejected(why);
    }
    const notification = keepNotification(bookings, { provider, notificationId, payment, now });
    const outcome = await writeTogether(bookings.client, [
      { label: 'notification', write: notification },
      {
        label: 'payment',
        write: markCaptured(bookings, payment, { providerTrade: says.providerTrade, now }),
      },
      { label: 'journal', write: putEntry(bookings, captureEntry(payment, payment.amount, now)) },
    ]);
    if (outcome.outcome === 'written') return accepted({ now: 'recorded' });
    await compareWithBookedBefore(bookings, payment, says.paid, now);
    return accepted({ now: 'known-before' });
  };

type Booked = { now: 'recorded' | 'known-before' };

const captureEntry = ({ orderId, paymentId }: PaymentRef, amount: Money, now: Instant) =>
  entryOf('captured', { orderId, source: paymentId, amount, at: now });

/**
 * The same fact learnt by asking: T11 for a provider's answer that it has the money. Another amount than asked for is
 * booked as what it is, and goes back as a whole in the same transaction; the order goes on as if nothing was paid.
 */
export const recordCapture =
  (dependencies: Dependencies) =>
  async (
    payment: Payment,
    { providerTrade, paid }: Extract<ProviderPayment, { state: 'captured' }>,
  ): Promise<Outcome<Booked, 'nothing-taken'>> => {
    const { bookings, clock } = dependencies;
    const now = clock();
    if (isCaptured(payment)) {
      await compareWithBooked(bookings, payment, paid, now);
      return accepted({ now: 'known-before' });
    }
    switch (judgeCapture(payment, paid)) {
      case 'nothing':
        return rejected('nothing-taken');
      case 'other-amount':
        return returnOtherAmount(dependencies, payment, { providerTrade, paid });
      case 'as-asked':
    }
    const outcome = await writeTogether(bookings.client, [
      { label: 'payment', write: markCaptured(bookings, payment, { providerTrade, now }) },
      { label: 'journal', write: putEntry(bookings, captureEntry(payment, payment.amount, now)) },
    ]);
    if (outcome.outcome === 'written') return accepted({ now: 'recorded' });
    await compareWithBookedBefore(bookings, payment, paid, now);
    return accepted({ now: 'known-before' });
  };

const returnOtherAmount = async (
  dependencies: Dependencies,
  payment: UncapturedPayment,
  { providerTrade, paid }: { providerTrade: string; paid: Money },
): Promise<Accepted<Booked>> => {
  const { bookings, clock } = dependencies;
  const { orderId, paymentId } = payment;
  const now = clock();
  const refund = wholeRefundOf(payment, paid, 'other-amount', now);
  const write = markOtherAmount(bookings, payment, { providerTrade, taken: paid, now });
  const outcome = await writeTogether(bookings.client, [
    { label: 'payment', write },
    { label: 'refund', write: putRefund(bookings, refund) },
    { label: 'captured', write: putEntry(bookings, captureEntry(payment, paid, now)) },
    { label: 'owed', write: refundEntry(bookings, refund, now) },
  ]);
  if (outcome.outcome === 'refused') {
    const stands = await readPayment(bookings, paymentId);
    // A person is asked about it since it was read: that stays, and the money is booked all the same.
    if (stands && !isCaptured(stands) && stands.attention?.kind !== payment.attention?.kind)
      return returnOtherAmount(dependencies, stands, { providerTrade, paid });
    await compareWithBookedBefore(bookings, payment, paid, now);
    return accepted({ now: 'known-before' });
  }
  logger.warn('a provider took another amount, which goes back', { orderId, paymentId });
  return accepted({ now: 'recorded' });
};

/** Somebody else booked it first: what he booked must be what we were told. */
const compareWithBookedBefore = async (
  bookings: Table,
  { paymentId }: PaymentRef,
  paid: Money,
  now: Instant,
): Promise<void> => {
  const stands = await readPayment(bookings, paymentId);
  if (stands && isCaptured(stands)) await compareWithBooked(bookings, stands, paid, now);
};

/** A person is told once where it is another amount. */
const compareWithBooked = async (
  bookings: Table,
  payment: CapturedPayment,
  paid: Money,
  now: Instant,
): Promise<void> => {
  const why = contradiction(payment, paid);
  if (!why || payment.attention?.why === why || disputedBefore(payment, why)) return;
  const attention = attentionFor('amount-disputed', why, { now, before: payment.attention });
  await callPaymentAttention(bookings, payment, attention);
};

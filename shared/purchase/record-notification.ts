import { entryOf } from '../ledger/rules.ts';
import { putEntry } from '../ledger/store.ts';
import { callAttention } from '../orders/marks-store.ts';
import { keepNotification, keepRefusedNotification } from '../payments/notifications-store.ts';
import type { Payment, ProviderName } from '../payments/model.ts';
import type { ProviderPayment, VerifiedNotification } from '../payments/provider.ts';
import { markCaptured, readPayment } from '../payments/store.ts';
import { writeTogether, type Table } from '../platform/dynamo.ts';
import { paymentIdSchema } from '../platform/ids.ts';
import { logger } from '../platform/log.ts';
import { sameMoney } from '../platform/money.ts';
import type { Clock } from '../platform/time.ts';

type Dependencies = { bookings: Table; clock: Clock };

export type RecordedNotification = 'recorded' | 'duplicate' | 'unknown-payment' | 'amount-mismatch';

/**
 * What a verified notification says becomes a fact, once: the notification under the provider's id, the payment
 * captured (T11) and its journal entry, in one transaction. Applying the money follows from the payment's stream
 * record; nothing else is done here, so that the provider is answered in time.
 */
export const recordNotification =
  ({ bookings, clock }: Dependencies) =>
  async (
    provider: ProviderName,
    { notificationId, paymentNumber, says }: VerifiedNotification,
  ): Promise<RecordedNotification> => {
    const paymentId = paymentIdSchema.safeParse(paymentNumber);
    const payment = paymentId.success ? await readPayment(bookings, paymentId.data) : undefined;
    if (!payment || payment.provider !== provider) return 'unknown-payment';
    if (says.kind !== 'captured') return 'recorded';
    const now = clock();
    if (!sameMoney(says.paid, payment.amount)) {
      const why = 'amount-mismatch';
      await keepRefusedNotification(bookings, { provider, notificationId, payment, why, now });
      return why;
    }
    const outcome = await writeTogether(bookings.client, [
      {
        label: 'notification',
        write: keepNotification(bookings, { provider, notificationId, payment, now }),
      },
      {
        label: 'payment',
        write: markCaptured(bookings, payment, { providerTrade: says.providerTrade, now }),
      },
      { label: 'journal', write: putEntry(bookings, captureEntry(payment, now)) },
    ]);
    return outcome.outcome === 'written' ? 'recorded' : 'duplicate';
  };

const captureEntry = (payment: Payment, now: ReturnType<Clock>) =>
  entryOf('captured', {
    orderId: payment.orderId,
    source: payment.paymentId,
    amount: payment.amount,
    at: now,
  });

/**
 * The same fact learnt by asking: T11 for a provider's answer that it has the money. Another amount than asked for is
 * not booked: the order is shown to a person, and goes on as if nothing was paid.
 */
export const recordCapture =
  ({ bookings, clock }: Dependencies) =>
  async (
    payment: Payment,
    { providerTrade, paid }: Extract<ProviderPayment, { state: 'captured' }>,
  ): Promise<'recorded' | 'known-before' | 'amount-mismatch'> => {
    const { orderId, paymentId } = payment;
    if (!sameMoney(paid, payment.amount)) {
      logger.error('a provider took another amount', { orderId, paymentId });
      await callAttention(bookings, orderId, `the provider took another amount for ${paymentId}`);
      return 'amount-mismatch';
    }
    const now = clock();
    const outcome = await writeTogether(bookings.client, [
      { label: 'payment', write: markCaptured(bookings, payment, { providerTrade, now }) },
      { label: 'journal', write: putEntry(bookings, captureEntry(payment, now)) },
    ]);
    return outcome.outcome === 'written' ? 'recorded' : 'known-before';
  };

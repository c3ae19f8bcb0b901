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
import { flagPayment, doubtPayment, markOtherAmount } from '../payments/doubts-store.ts';
import { keepNotification, keepRefusedNotification } from '../payments/notifications-store.ts';
import type { ProviderCapture, VerifiedNotification } from '../payments/provider.ts';
import { putRefund } from '../payments/refunds-store.ts';
import { markCaptured, readPayment } from '../payments/store.ts';
import { decideAnew } from '../platform/decide-anew.ts';
import { writeTogether, type LabelledWrite, type Table } from '../platform/dynamo.ts';
import { paymentIdSchema } from '../platform/ids.ts';
import { logger } from '../platform/log.ts';
import { writeMetrics } from '../platform/metrics.ts';
import type { Money } from '../platform/money.ts';
import { accepted, never, rejected, type Accepted, type Outcome } from '../platform/outcome.ts';
import type { Clock, Instant } from '../platform/time.ts';
import { decideCapture, decideDispute, decideNotified } from './decide-capture.ts';
import { noticeRefunds } from './notice-refunds.ts';
import { refundEntry, wholeRefundOf } from './refund-entry.ts';
import type { CaptureRefusal, NotificationRefusal } from './rules.ts';

type Dependencies = { bookings: Table; clock: Clock };

type Booked = { now: 'recorded' | 'already-known' };

export type RecordedNotification = Outcome<Booked, NotificationRefusal>;

/** The number of decisions about one notification, if its payment changes at the same moment. */
const attemptsMax = 4;

/**
 * Turns a verified notification into a fact, once: the notification under the provider's id, the capture of the payment
 * (T11) and its journal entry, in one transaction. The payment's stream record triggers applying the money; nothing
 * else happens here, so that the provider gets its answer in time. A notification of another amount is refused and
 * moves no money: the provider's books decide about the payment.
 */
export const recordNotification =
  (dependencies: Dependencies) =>
  (provider: ProviderName, notification: VerifiedNotification): Promise<RecordedNotification> =>
    decideAnew(attemptsMax, () => recordOnce(dependencies, provider, notification));

const recordOnce = async (
  { bookings, clock }: Dependencies,
  provider: ProviderName,
  { notificationId, paymentNumber, says }: VerifiedNotification,
): Promise<RecordedNotification> => {
  const paymentId = paymentIdSchema.safeParse(paymentNumber);
  const found = paymentId.success ? await readPayment(bookings, paymentId.data) : undefined;
  const now = clock();
  const decided = decideNotified(found, { provider, says }, now);
  if (decided.outcome === 'rejected') {
    if (decided.reason === 'unknown-payment') return decided;
    const { reason: why, payment, doubt } = decided;
    await keepRefusedNotification(bookings, { provider, notificationId, payment, why, now });
    const doubted = await doubtPayment(bookings, payment, doubt, now);
    return doubted.outcome === 'accepted' ? rejected(why) : doubted;
  }
  switch (decided.write) {
    case 'nothing':
      return accepted({ now: 'recorded' });
    case 'notice':
      await noticeRefunds(bookings, decided, now);
      return accepted({ now: 'recorded' });
    case 'compare':
      return compareWithBooked(bookings, decided.payment, decided.says.paid, now);
    case 'capture': {
      const { payment, says: captured } = decided;
      const write = keepNotification(bookings, { provider, notificationId, payment, now });
      return book(bookings, payment, captured, now, [{ label: 'notification', write }]);
    }
    default:
      return never(decided);
  }
};

const captureEntry = ({ orderId, paymentId, provider }: Payment, amount: Money, now: Instant) =>
  entryOf('captured', { orderId, source: paymentId, provider, amount, at: now });

/** T11, for the requested amount. */
const book = async (
  bookings: Table,
  payment: UncapturedPayment,
  { providerTrade, paid }: Pick<ProviderCapture, 'providerTrade' | 'paid'>,
  now: Instant,
  alongside: readonly LabelledWrite<string>[] = [],
): Promise<Accepted<Booked>> => {
  const outcome = await writeTogether(bookings.client, [
    ...alongside,
    { label: 'payment', write: markCaptured(bookings, payment, { providerTrade, now }) },
    { label: 'journal', write: putEntry(bookings, captureEntry(payment, payment.amount, now)) },
  ]);
  if (outcome.outcome === 'written') return accepted({ now: 'recorded' });
  const isIdAlone = outcome.refused.every(({ label }) => label === 'notification');
  // The provider has used the id for another payment before: that hides no money.
  if (isIdAlone) return book(bookings, payment, { providerTrade, paid }, now);
  return bookedByOther(bookings, payment, paid, now);
};

/**
 * The same fact from asking the provider: T11 for a capture that the provider reports. It books another amount than the
 * requested one as what it is, and all of that goes back in the same transaction; the order continues as if nothing was
 * paid.
 */
export const recordCapture =
  (dependencies: Dependencies) =>
  async (seen: Payment, captured: ProviderCapture): Promise<Outcome<Booked, CaptureRefusal>> => {
    const { bookings, clock } = dependencies;
    const decided = decideCapture(seen, captured.paid);
    if (decided.outcome === 'rejected') return decided;
    switch (decided.write) {
      case 'compare':
        return compareWithBooked(bookings, decided.payment, captured.paid, clock());
      case 'return':
        return foundByAsking(seen, await returnOtherAmount(dependencies, decided.payment, captured), clock());
      case 'capture':
        return foundByAsking(seen, await book(bookings, decided.payment, captured, clock()), clock());
      default:
        return never(decided);
    }
  };

/** Counts money of which no notification told us before: one now and then is a race, many mean that none verifies or arrives. */
const foundByAsking = (
  { provider, paymentId }: Payment,
  booked: Accepted<Booked>,
  now: Instant,
): Accepted<Booked> => {
  if (booked.now === 'already-known') return booked;
  logger.info('money found by asking', { provider, paymentId });
  writeMetrics('money found by asking', { FoundByAsking: { value: 1, unit: 'Count' } }, now, { provider });
  return booked;
};

const returnOtherAmount = async (
  dependencies: Dependencies,
  payment: UncapturedPayment,
  { providerTrade, paid }: Pick<ProviderCapture, 'providerTrade' | 'paid'>,
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
    const current = await readPayment(bookings, paymentId);
    // It was flagged for a person after the read: that flag stays, and the money is booked anyway.
    if (current && !isCaptured(current) && current.attention?.kind !== payment.attention?.kind)
      return returnOtherAmount(dependencies, current, { providerTrade, paid });
    return bookedByOther(bookings, payment, paid, now);
  }
  logger.warn('a provider took another amount, which goes back', { orderId, paymentId });
  return accepted({ now: 'recorded' });
};

/** Somebody else booked it first: that booking must match our notification. */
const bookedByOther = async (
  bookings: Table,
  { paymentId }: PaymentRef,
  paid: Money,
  now: Instant,
): Promise<Accepted<Booked>> => {
  const current = await readPayment(bookings, paymentId);
  return current && isCaptured(current)
    ? compareWithBooked(bookings, current, paid, now)
    : accepted({ now: 'already-known' });
};

/** It is booked already: if the amount differs, this flags it for a person once. */
const compareWithBooked = async (
  bookings: Table,
  payment: CapturedPayment,
  paid: Money,
  now: Instant,
): Promise<Accepted<Booked>> => {
  const dispute = decideDispute(payment, paid, now);
  if (dispute.outcome === 'accepted') await flagPayment(bookings, payment, dispute.attention);
  return accepted({ now: 'already-known' });
};

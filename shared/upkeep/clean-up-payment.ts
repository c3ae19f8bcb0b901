import { applyPayment } from '../paying/apply-payment.ts';
import { askProvider } from '../paying/ask-provider.ts';
import { recordCapture } from '../paying/record-notification.ts';
import { resolveDoubt } from '../paying/resolve-doubt.ts';
import { settlePayment } from '../paying/settle-payment.ts';
import { watchPayment } from '../paying/watch-payment.ts';
import { flagPayment } from '../payments/doubts-store.ts';
import { doubtedSince, isUnapplied, isUnfinished, isWatched, type Payment } from '../payments/model.ts';
import { paymentAttention } from '../payments/rules.ts';
import { askAgainAt, readPayment } from '../payments/store.ts';
import { paymentIdSchema } from '../platform/ids.ts';
import { accepted, type Accepted } from '../platform/outcome.ts';
import { earlier, plusSeconds } from '../platform/time.ts';
import type { EndDependencies } from '../selling/end-order.ts';
import { countMissedEvent, isLongUnapplied } from './missed-events.ts';

/** Money waits during the release of its order; the next look comes after this time. */
const waitSeconds = 10;

/** A notification may get lost, so the clean-up asks the provider about an open payment this often. */
const askWhilePendingSeconds = 120;

/** The clean-up's work for a payment that is due: asks its provider, closes it, and applies its money. */
export const cleanUpPayment = async (
  dependencies: EndDependencies,
  number: string,
): Promise<Accepted<object>> => {
  const { bookings, clock } = dependencies;
  const paymentId = paymentIdSchema.parse(number);
  const payment = await readPayment(bookings, paymentId);
  if (!payment) return accepted({});
  if (payment.state === 'pending' && clock() < payment.expiresAt) await askAbout(dependencies, payment);
  else if (isUnfinished(payment)) await settlePayment(dependencies)(payment);
  if (doubtedSince(payment)) await resolveDoubt(dependencies)(paymentId);
  else if (isWatched(payment)) await watchPayment(dependencies)(payment);
  const now = await readPayment(bookings, paymentId);
  if (now && isUnapplied(now)) {
    const { outcome } = await applyPayment(dependencies)(paymentId);
    if (outcome === 'rejected') await askAgainAt(bookings, paymentId, plusSeconds(clock(), waitSeconds));
    else if (isLongUnapplied(now, clock())) countMissedEvent('payment-captured', paymentId, clock());
  }
  const attention = now && paymentAttention(now, clock());
  if (attention) await flagPayment(bookings, now, attention);
  return accepted({});
};

/** Asks the provider without closing the payment: the buyer may be paying right now. */
const askAbout = async (dependencies: EndDependencies, payment: Payment): Promise<void> => {
  const { bookings, clock } = dependencies;
  const reply = await askProvider(dependencies, payment, (provider) => provider.query(payment));
  const answer = reply.outcome === 'accepted' ? reply.answer : undefined;
  const recorded = answer?.state === 'captured' && (await recordCapture(dependencies)(payment, answer));
  if (recorded && recorded.outcome === 'accepted') return;
  const again = plusSeconds(clock(), askWhilePendingSeconds);
  await askAgainAt(bookings, payment.paymentId, earlier(again, payment.expiresAt));
};

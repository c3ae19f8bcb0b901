import { attentionFor, lasts, type Attention } from '../bookings/attention.ts';
import { sameMoney, toDecimal, type Money } from '../platform/money.ts';
import { earlier, later, plusSeconds, type Instant } from '../platform/time.ts';
import {
  isBack,
  isUnapplied,
  isUnfinished,
  takenOf,
  type CapturedPayment,
  type Doubt,
  type Payment,
  type Refund,
  type RefundIn,
  type UncapturedPayment,
} from './model.ts';
import type { ProviderRefund, RefundTerms } from './provider.ts';
import { askableAt, sendableAt } from './refund-terms.ts';

/**
 * A payment or refund that a provider has not confirmed, closed or paid back within this time reaches a person. The
 * time starts with the refund itself, or at the end of the payment's time, and never at the next look, which moves with
 * every look.
 */
export const patienceSeconds = 3600;

/** Judges a capture that a provider reports, if none is booked yet. */
export const judgeCapture = (
  payment: UncapturedPayment,
  paid: Money,
): 'as-asked' | 'other-amount' | 'nothing' => {
  if (sameMoney(paid, payment.amount)) return 'as-asked';
  return paid.amount > 0 ? 'other-amount' : 'nothing';
};

/** The doubt after a notification of another amount: since the first such notification, with this one's amount. */
export const doubtedBy = ({ doubt }: UncapturedPayment, told: Money, now: Instant): Doubt => ({
  since: doubt?.since ?? now,
  told,
});

/** Why a capture that a provider reports contradicts the booked one; undefined if it does not. */
export const contradiction = (payment: CapturedPayment, paid: Money): string | undefined =>
  sameMoney(paid, takenOf(payment))
    ? undefined
    : `reported ${toDecimal(paid)} ${paid.currency}, booked ${toDecimal(takenOf(payment))}`;

/** Providers repeat notifications: that does not reopen a dispute that a person has settled. */
export const disputedBefore = ({ handled = [] }: Payment, why: string): boolean =>
  handled.some(({ did, about }) => did === 'settled' && about === why);

/** The state of captured money of which so many minor units are back. A part that is still under way is not back. */
export const stateByPaidBack = (
  payment: CapturedPayment,
  paidBack: number,
): 'captured' | 'partlyRefunded' | 'refunded' => {
  if (paidBack === 0) return 'captured';
  return paidBack < takenOf(payment).amount ? 'partlyRefunded' : 'refunded';
};

/** How much of a payment is back, in minor units. An older one does not say it, so its refunds must. */
export const paidBackOf = (payment: CapturedPayment, refunds: readonly Refund[]): number =>
  payment.paidBack ??
  refunds
    .filter((refund) => refund.paymentId === payment.paymentId && isBack(refund))
    .reduce((sum, { amount }) => sum + amount.amount, 0);

/** Why a payment needs a person now; undefined if it does not, or already has a flag. */
export const paymentAttention = (payment: Payment, now: Instant): Attention | undefined => {
  const { expiresAt, attention: before, state } = payment;
  const since = { now, before };
  if (before && lasts(before.kind)) return undefined;
  if (isUnfinished(payment) && plusSeconds(expiresAt, patienceSeconds) <= now)
    return unlessKnown(
      before,
      attentionFor('payment-unclosed', `${state}, and ran out at ${expiresAt}`, since),
    );
  if (isUnapplied(payment) && plusSeconds(payment.capturedAt, patienceSeconds) <= now)
    return unlessKnown(before, attentionFor('payment-unapplied', `captured at ${payment.capturedAt}`, since));
  return undefined;
};

const unlessKnown = (before: Attention | undefined, now: Attention): Attention | undefined =>
  before?.kind === now.kind && before.why === now.why ? undefined : now;

/**
 * We ask the provider again after these times, and repeat the last one: providers want ten seconds before the first
 * query.
 */
const againAfterSeconds = [10, 20, 60, 300, 900, 3600];

/** The provider's answer about a refund, or its silence. */
export type RefundAnswer = ProviderRefund | { state: 'silent'; why: string };

const textOf = (answer: RefundAnswer): string => {
  if (answer.state === 'processing') return 'the provider says that it is under way';
  if (answer.state === 'not-exist') return 'the provider does not know of it';
  return 'why' in answer ? answer.why : answer.state;
};

/**
 * When to look again at a refund that is not back yet, and whether a person must know. A decline may pass, as when the
 * seller's balance was too low, so we keep trying; if it lasts, a person learns it in time. Never before the provider's
 * terms allow what the next look may do: only ask, or ask and send again.
 */
export const decideAgain = (
  refund: RefundIn<'requested' | 'submitted'>,
  { answer, terms }: { answer: RefundAnswer; terms: RefundTerms },
  now: Instant,
): { again: Instant; declined: string | undefined; isDecline: boolean; attention?: Attention } => {
  const isTooOften = answer.state === 'declined' && answer.tooOften === true;
  // Many refunds of one payment take turns, so each comes back as soon as the terms allow.
  const seconds = isTooOften
    ? 0
    : (againAfterSeconds[Math.min(refund.attempts, againAfterSeconds.length - 1)] ?? 3600);
  const tellAt = plusSeconds(refund.requestedAt, patienceSeconds);
  const again = plusSeconds(now, seconds);
  // Silence does not revoke an earlier answer.
  const declined = answer.state === 'declined' ? answer.why : whenSilent(answer, declinedBefore(refund));
  const kind = declined === undefined ? 'refund-unconfirmed' : 'refund-declined';
  const allowed = answer.state === 'processing' ? askableAt(refund, terms) : sendableAt(refund, terms);
  return {
    again: later(now < tellAt ? earlier(again, tellAt) : again, allowed ?? now),
    declined,
    isDecline: answer.state === 'declined',
    ...(now >= tellAt && {
      attention: attentionFor(kind, declined ?? textOf(answer), { now, before: refund.attention }),
    }),
  };
};

const declinedBefore = (refund: RefundIn<'requested' | 'submitted'>): string | undefined =>
  refund.state === 'submitted' ? refund.declined : undefined;

const whenSilent = ({ state }: RefundAnswer, before: string | undefined): string | undefined =>
  state === 'silent' ? before : undefined;

/**
 * How often we ask a provider about a refund that it will not pay, or no longer needs to: it may have changed its mind.
 */
const askAboutEndedSeconds = 6 * 3600;

/** If a provider still pays a refund that a person has ended, it does so within this time. */
const watchEndedSeconds = 30 * 86_400;

/** When to ask a provider next about a refund that we no longer send. */
export const askSeldomAt = (now: Instant): Instant => plusSeconds(now, askAboutEndedSeconds);

/** When to ask a provider about a payment or refund that a person ended at `endedAt`; undefined once that is over. */
export const askAboutEndedAt = (endedAt: Instant, now: Instant): Instant | undefined =>
  plusSeconds(endedAt, watchEndedSeconds) <= now ? undefined : askSeldomAt(now);

/**
 * A person's word may end a payment or refund that the provider has neither done nor declined in this time, because it
 * is switched off or no longer exists. The time outlasts any disturbance; whatever the provider still does is booked as
 * what it is.
 */
const untilPersonsWordSeconds = 3 * 86_400;

/** A person may take in hand a refund requested by then, and close a payment that ran out by then. */
export const unansweredSince = (now: Instant): Instant => plusSeconds(now, -untilPersonsWordSeconds);

/** Whether a person may take a refund in hand: the provider declined it for good, or again and again. */
export const mayBeSettled = (refund: Refund): boolean =>
  refund.state === 'failed' || (refund.state === 'submitted' && refund.declined !== undefined);

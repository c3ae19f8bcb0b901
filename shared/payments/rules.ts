import { attentionFor, lasts, type Attention } from '../bookings/attention.ts';
import { sameMoney, toDecimal, type Money } from '../platform/money.ts';
import { earlier, plusSeconds, type Instant } from '../platform/time.ts';
import {
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
import type { ProviderRefund } from './provider.ts';

/**
 * What a provider has not confirmed, closed or paid back in this time reaches a person. It is counted from the thing's
 * own beginning, of a payment from the end of its time, never from when it is next looked at, which moves with every look.
 */
export const patienceSeconds = 3600;

/** What a provider's answer that it has the money is worth, where none is booked yet. */
export const judgeCapture = (
  payment: UncapturedPayment,
  paid: Money,
): 'as-asked' | 'other-amount' | 'nothing' => {
  if (sameMoney(paid, payment.amount)) return 'as-asked';
  return paid.amount > 0 ? 'other-amount' : 'nothing';
};

/** The doubt that a notification of another amount puts a payment in: since the first of them, of what this one told. */
export const doubtedBy = ({ doubt }: UncapturedPayment, told: Money, now: Instant): Doubt => ({
  since: doubt?.since ?? now,
  told,
});

/** Why a provider's answer that it has the money contradicts what is booked; undefined where it does not. */
export const contradiction = (payment: CapturedPayment, paid: Money): string | undefined =>
  sameMoney(paid, takenOf(payment))
    ? undefined
    : `told ${toDecimal(paid)} ${paid.currency}, booked ${toDecimal(takenOf(payment))}`;

/** Providers repeat what they tell: a dispute that a person has settled is not opened again by it. */
export const disputedBefore = ({ handled = [] }: Payment, why: string): boolean =>
  handled.some(({ did, about }) => did === 'settled' && about === why);

/** For which reason a payment needs a person now; undefined when it does not, or is known to. */
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

/** The provider is asked again after these times, the last one repeated: providers want ten seconds before the first query. */
const againAfterSeconds = [10, 20, 60, 300, 900, 3600];

/** What the provider said of a refund, or that it said nothing. */
export type RefundAnswer = ProviderRefund | { state: 'silent'; why: string };

const told = (answer: RefundAnswer): string => {
  if (answer.state === 'processing') return 'the provider says that it is under way';
  if (answer.state === 'not-exist') return 'the provider does not know of it';
  return 'why' in answer ? answer.why : answer.state;
};

/**
 * When a refund that is not back yet is looked at again, and whether a person must know. A decline may pass, as when
 * the seller's balance was too low, so it is tried on; while it lasts, that is told in time.
 */
export const decideAgain = (
  refund: RefundIn<'requested' | 'submitted'>,
  answer: RefundAnswer,
  now: Instant,
): { again: Instant; declined: string | undefined; attention?: Attention } => {
  const seconds = againAfterSeconds[Math.min(refund.attempts, againAfterSeconds.length - 1)] ?? 3600;
  const tellAt = plusSeconds(refund.requestedAt, patienceSeconds);
  const again = plusSeconds(now, seconds);
  // Silence takes nothing back of what was said before it.
  const declined = answer.state === 'declined' ? answer.why : whenSilent(answer, declinedBefore(refund));
  const kind = declined === undefined ? 'refund-unconfirmed' : 'refund-declined';
  return {
    again: now < tellAt ? earlier(again, tellAt) : again,
    declined,
    ...(now >= tellAt && {
      attention: attentionFor(kind, declined ?? told(answer), { now, before: refund.attention }),
    }),
  };
};

const declinedBefore = (refund: RefundIn<'requested' | 'submitted'>): string | undefined =>
  refund.state === 'submitted' ? refund.declined : undefined;

const whenSilent = ({ state }: RefundAnswer, before: string | undefined): string | undefined =>
  state === 'silent' ? before : undefined;

/** The provider is asked this often about what it will not pay, or need not any more: it may have changed its mind. */
const askAboutEndedSeconds = 6 * 3600;

/** Providers that pay after all what a person has ended do so within this time. */
const watchEndedSeconds = 30 * 86_400;

/** When a provider is next asked about what it is only seldom asked about: a refund that is not sent any more. */
export const askSeldomAt = (now: Instant): Instant => plusSeconds(now, askAboutEndedSeconds);

/** When a provider is asked about what a person ended at `endedAt`; undefined when that is over. */
export const askAboutEndedAt = (endedAt: Instant, now: Instant): Instant | undefined =>
  plusSeconds(endedAt, watchEndedSeconds) <= now ? undefined : askSeldomAt(now);

/**
 * What a provider has neither done nor declined by then, because it is switched off or gone, may end on a person's word.
 * Long enough for any disturbance to be over; what the provider does all the same is booked as what it is.
 */
const untilPersonsWordSeconds = 3 * 86_400;

/** A refund that was requested by then may be taken in hand, and a payment that ran out by then closed. */
export const unansweredSince = (now: Instant): Instant => plusSeconds(now, -untilPersonsWordSeconds);

/** Whether a person may take a refund in hand: declined for good, or declined again and again. */
export const mayBeSettled = (refund: Refund): boolean =>
  refund.state === 'failed' || (refund.state === 'submitted' && refund.declined !== undefined);

import { attentionFor, type Attention, type Handled } from '../bookings/attention.ts';
import { isPaidTwice, isReturned, wasPaidTwice, type Refund, type RefundIn } from '../payments/model.ts';
import { otherAmount, type ProviderRefund } from '../payments/provider.ts';
import { mayStillArrive } from '../payments/refund-terms.ts';
import { askSeldomAt, mayBeSettled, unansweredSince } from '../payments/rules.ts';
import { accepted, never, rejected, type Outcome } from '../platform/outcome.ts';
import type { Instant } from '../platform/time.ts';
import type { ByHandRefusal } from './rules.ts';

export type Person = Pick<Handled, 'by' | 'reason'>;

type Kept = { attention: Attention; handled: Handled };

/** The result of the first step of paying a refund back by another way. */
export type Begin =
  /** This person has it in hand: ask the provider once more. */
  | { next: 'ask'; onOwnWord: boolean }
  /**
   * The provider declines it again and again: first this records a final decline, so that the clean-up no longer sends
   * it.
   */
  | { next: 'decline'; why: string; attention: Attention; again: Instant }
  /** T34. */
  | ({ next: 'take'; refund: NotInHand; unconfirmedSince: Instant | undefined } & Kept);

/** The money is not back, and no person has the refund in hand. */
type NotInHand = RefundIn<'requested' | 'submitted' | 'failed'>;

/**
 * T34: whether this person may take a refund in hand. `unconfirmed`: on that person's word alone, if the provider has
 * been silent for days and may never answer.
 */
export const decideBegin = (
  refund: Refund | undefined,
  { person, unconfirmed }: { person: Person; unconfirmed: boolean },
  now: Instant,
): Outcome<Begin, ByHandRefusal> => {
  if (!refund || refund.state === 'succeeded' || refund.state === 'settled') return rejected('already-back');
  const onOwnWord = unconfirmed && refund.requestedAt <= unansweredSince(now);
  if (refund.state === 'settling')
    return refund.settledBy === person.by ? accepted({ next: 'ask', onOwnWord }) : rejected('in-other-hands');
  if (!mayBeSettled(refund) && !onOwnWord) return rejected('still-tried');
  const since = { now, before: refund.attention };
  if (refund.state === 'submitted' && mayStillArrive(refund, now)) return rejected('still-tried');
  if (refund.state === 'submitted' && refund.declined !== undefined) {
    const why = refund.declined;
    const attention = attentionFor('refund-declined', why, since);
    return accepted({ next: 'decline', why, attention, again: askSeldomAt(now) });
  }
  return accepted({
    next: 'take',
    refund,
    attention: attentionFor('refund-settling', `in the hands of ${person.by}`, since),
    handled: { ...person, at: now, did: 'began-to-settle' },
    unconfirmedSince: onOwnWord ? unansweredSince(now) : undefined,
  });
};

/** The provider's answer about a refund that a person has in hand; `undefined` if there is none, or not yet. */
export type AnswerInHand = 'paid' | 'not-paid' | 'other-amount' | undefined;

export const answerInHandOf = (answer: ProviderRefund | undefined): AnswerInHand => {
  if (!answer || answer.state === 'processing') return undefined;
  if (answer.state === 'failed' && answer.why === otherAmount) return 'other-amount';
  return answer.state === 'succeeded' ? 'paid' : 'not-paid';
};

/**
 * Whether the person must pay it. `already-back`: the provider has paid it, and that is booked first. `other-amount`: some of it
 * may be back, so that to pay all of it would be too much.
 */
export const decidePay = (
  answer: AnswerInHand,
  { onOwnWord }: { onOwnWord: boolean },
): Outcome<
  { now: 'pay-by-hand' | 'pay-unconfirmed' },
  'already-back' | 'other-amount' | 'provider-silent'
> => {
  switch (answer) {
    case 'paid':
      return rejected('already-back');
    case 'not-paid':
      return accepted({ now: 'pay-by-hand' });
    case 'other-amount':
      return onOwnWord ? accepted({ now: 'pay-unconfirmed' }) : rejected('other-amount');
    case undefined:
      return onOwnWord ? accepted({ now: 'pay-unconfirmed' }) : rejected('provider-silent');
    default:
      return never(answer);
  }
};

/** T37: whether a person who has paid nothing may give the refund back, so that it is sent again. */
export const decideGiveBack = (
  refund: Refund,
  person: Person,
  now: Instant,
): Outcome<{ refund: RefundIn<'settling'> } & Kept, 'already-back' | 'not-in-your-hands'> => {
  if (refund.state === 'succeeded' || refund.state === 'settled') return rejected('already-back');
  if (refund.state !== 'settling' || refund.settledBy !== person.by) return rejected('not-in-your-hands');
  const why = refund.declined ?? `not paid by ${person.by}`;
  return accepted({
    refund,
    attention: attentionFor('refund-declined', why, { now, before: refund.attention }),
    handled: { ...person, at: now, did: 'gave-back' },
  });
};

/** The result of the second step: the person reports the payment. */
export type Finish =
  | { next: 'done'; now: 'settled' | 'paid-twice' }
  /** T36: the provider has paid it before. */
  | { next: 'book-paid-twice'; refund: RefundIn<'succeeded'>; handled: Handled }
  /** T35, unless the provider turns out to have paid it. */
  | { next: 'ask'; refund: RefundIn<'settling'>; handled: Handled };

export const decideFinish = (
  refund: Refund | undefined,
  person: Person,
  now: Instant,
): Outcome<Finish, 'not-in-your-hands'> => {
  if (!refund || !('settledBy' in refund) || refund.settledBy !== person.by)
    return rejected('not-in-your-hands');
  if (isPaidTwice(refund)) return accepted({ next: 'done', now: 'paid-twice' });
  if (refund.state === 'settled' || wasPaidTwice(refund)) return accepted({ next: 'done', now: 'settled' });
  const handled: Handled = { ...person, at: now, did: 'settled' };
  if (refund.state === 'succeeded') return accepted({ next: 'book-paid-twice', refund, handled });
  return accepted({ next: 'ask', refund, handled });
};

/** T33: whether a person may have a refund sent once more after the provider declined it for good. */
export const decideRetry = (
  refund: Refund,
  person: Person,
  now: Instant,
): Outcome<{ refund: RefundIn<'failed'> } & Kept, 'in-other-hands' | 'already-back' | 'only-by-hand'> => {
  if (refund.state === 'settling') return rejected('in-other-hands');
  if (refund.state !== 'failed') return rejected('already-back');
  // Its number has been used up: the provider has a refund by it, and that one has failed.
  if (isReturned(refund)) return rejected('only-by-hand');
  const why = `retried by ${person.by}`;
  return accepted({
    refund,
    attention: attentionFor('refund-unconfirmed', why, { now, before: refund.attention }),
    handled: { ...person, at: now, did: 'retried' },
  });
};

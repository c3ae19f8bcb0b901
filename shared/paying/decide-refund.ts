import { attentionFor, type Attention, type AttentionKind } from '../bookings/attention.ts';
import type { Order, OrderIn } from '../orders/model.ts';
import { isBack, isPaidTwice, isReturned, type Refund, type RefundIn } from '../payments/model.ts';
import type { RefundTerms } from '../payments/provider.ts';
import { askableAt, sendableAt } from '../payments/refund-terms.ts';
import { askAboutEndedAt, askSeldomAt, decideAgain, type RefundAnswer } from '../payments/rules.ts';
import { never } from '../platform/outcome.ts';
import type { Instant } from '../platform/time.ts';

/** What to do with a refund now, by the terms of its provider. */
export type NextStep =
  | { step: 'send'; refund: RefundIn<'requested' | 'submitted'> }
  /** `sendable`: if the provider does not know it or has declined it, it may be sent again. */
  | { step: 'ask'; sendable?: RefundIn<'submitted'> }
  /** It was sent or asked about a moment ago. */
  | { step: 'wait'; until: Instant }
  | { step: 'none' };

/**
 * A refund that was never sent is sent; after that we ask first, and nothing goes sooner than the terms allow, whoever
 * wants it: an event, the clean-up, or a person. One that is back is asked about only if the provider has had news.
 */
export const decideNext = (refund: Refund, terms: RefundTerms, now: Instant): NextStep => {
  const sendable = sendableAt(refund, terms) ?? now;
  const askable = askableAt(refund, terms) ?? now;
  switch (refund.state) {
    case 'requested':
      return sendable <= now ? { step: 'send', refund } : { step: 'wait', until: sendable };
    case 'submitted':
      if (askable > now) return { step: 'wait', until: askable };
      return { step: 'ask', ...(sendable <= now && { sendable: refund }) };
    case 'failed':
    case 'settling':
    case 'settled':
      return { step: 'ask' };
    case 'succeeded':
      return refund.dueAt === undefined ? { step: 'none' } : { step: 'ask' };
    default:
      return never(refund);
  }
};

/** What to write about a refund that is not back yet, after the provider's answer. */
export type AfterAnswer =
  | { write: 'confirm' }
  /** We no longer send it; we ask about it again later, or never. */
  | { write: 'ask-again'; again: Instant | undefined }
  /** Declined for good: a person must act. */
  | { write: 'fail'; why: string; attention: Attention; again: Instant }
  /** T39: it was back, and the provider has the money again. */
  | { write: 'return'; refund: RefundIn<'succeeded'>; why: string; attention: Attention; again: Instant }
  /** T39, of one that a person had paid as well: it is back once now. */
  | { write: 'return-surplus'; refund: RefundIn<'settled' | 'succeeded'>; attention: Attention }
  | ({ write: 'submit' } & ReturnType<typeof decideAgain>);

/**
 * If the provider declined a refund for good, or a person pays it, we only keep asking: the provider may change its
 * mind.
 */
export const decideAfterAnswer = (
  refund: Refund,
  { answer, terms }: { answer: RefundAnswer; terms: RefundTerms },
  now: Instant,
): AfterAnswer => {
  // Its number has been used up at the provider, which can only repeat what we know.
  if (isReturned(refund)) return { write: 'ask-again', again: isBack(refund) ? undefined : askSeldomAt(now) };
  if (refund.state === 'succeeded' || (refund.state === 'settled' && isPaidTwice(refund)))
    return decideAfterNews(refund, answer, now);
  if (answer.state === 'succeeded') return { write: 'confirm' };
  if (refund.state === 'settled')
    return { write: 'ask-again', again: askAboutEndedAt(refund.settledAt, now) };
  if (refund.state !== 'requested' && refund.state !== 'submitted')
    return { write: 'ask-again', again: askSeldomAt(now) };
  if (answer.state !== 'failed') return { write: 'submit', ...decideAgain(refund, { answer, terms }, now) };
  const { why } = answer;
  const attention = attentionFor('refund-declined', why, { now, before: refund.attention });
  return { write: 'fail', why, attention, again: askSeldomAt(now) };
};

/**
 * About a refund that the provider has paid: only that it failed after all changes anything. Without an answer we ask again for
 * a month.
 */
const decideAfterNews = (
  refund: RefundIn<'succeeded' | 'settled'>,
  answer: RefundAnswer,
  now: Instant,
): AfterAnswer => {
  if (answer.state === 'failed') return decideReturn(refund, answer.why, now);
  const isUnclear = answer.state === 'silent' || answer.state === 'declined' || answer.state === 'processing';
  return { write: 'ask-again', again: isUnclear ? askAboutEndedAt(refund.noticedAt ?? now, now) : undefined };
};

/** T39. Whoever has the refund in hand may have paid it, and has not said so yet. */
const decideReturn = (
  refund: RefundIn<'succeeded' | 'settled'>,
  declined: string,
  now: Instant,
): AfterAnswer => {
  const why = `taken back after it was paid: ${declined}`;
  const flag = (kind: AttentionKind, text: string): Attention =>
    attentionFor(kind, text, { now, before: refund.attention });
  if (refund.state === 'settled' || isPaidTwice(refund))
    return { write: 'return-surplus', refund, attention: flag('refund-surplus-returned', why) };
  const { settledBy } = refund;
  const attention =
    settledBy === undefined
      ? flag('refund-declined', why)
      : flag('refund-settling', `in the hands of ${settledBy}; ${why}`);
  return { write: 'return', refund, why, attention, again: askSeldomAt(now) };
};

/** The order that ends when a refund is back: the one that its payment had paid, unless only the difference to it went back. */
export const orderEndedBy = (
  order: Order | undefined,
  { paymentId, reason }: Pick<Refund, 'paymentId' | 'reason'>,
): OrderIn<'refunding'> | undefined =>
  order?.state === 'refunding' && order.paidBy === paymentId && reason !== 'cheaper-than-paid'
    ? order
    : undefined;

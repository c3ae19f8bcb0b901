import { attentionFor, type Attention } from '../bookings/attention.ts';
import type { Order, OrderIn } from '../orders/model.ts';
import { isPaidTwice, isReturned, type PaymentRef, type Refund, type RefundIn } from '../payments/model.ts';
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
  if (refund.state === 'succeeded') return decideAfterNews(refund, answer, now);
  if (refund.state !== 'settled' && isReturned(refund))
    return { write: 'ask-again', again: askSeldomAt(now) };
  // What we know already ends the asking that the news began.
  if (answer.state === 'succeeded' && isPaidTwice(refund)) return { write: 'ask-again', again: undefined };
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

/** About a refund that is back: only that it failed after all changes anything. Without an answer we ask again for a month. */
const decideAfterNews = (refund: RefundIn<'succeeded'>, answer: RefundAnswer, now: Instant): AfterAnswer => {
  if (answer.state === 'failed' && refund.overpaidAt === undefined) {
    const why = `taken back after it was paid: ${answer.why}`;
    const attention = attentionFor('refund-declined', why, { now, before: refund.attention });
    return { write: 'return', refund, why, attention, again: askSeldomAt(now) };
  }
  const isUnclear = answer.state === 'silent' || answer.state === 'declined' || answer.state === 'processing';
  return { write: 'ask-again', again: isUnclear ? askAboutEndedAt(refund.noticedAt ?? now, now) : undefined };
};

/** The order that ends when a refund is back: the one that its payment had paid. */
export const orderEndedBy = (
  order: Order | undefined,
  { paymentId }: Pick<PaymentRef, 'paymentId'>,
): OrderIn<'refunding'> | undefined =>
  order?.state === 'refunding' && order.paidBy === paymentId ? order : undefined;

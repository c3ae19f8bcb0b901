import { attentionFor, type Attention } from '../bookings/attention.ts';
import type { Order, OrderIn } from '../orders/model.ts';
import type { PaymentRef, Refund } from '../payments/model.ts';
import { askAboutEndedAt, askSeldomAt, decideAgain, type RefundAnswer } from '../payments/rules.ts';
import type { Instant } from '../platform/time.ts';

/** What to write about a refund that is not back yet, after the provider's answer. */
export type AfterAnswer =
  | { write: 'confirm' }
  /** We no longer send it; we ask about it again later, or never. */
  | { write: 'ask-again'; again: Instant | undefined }
  /** Declined for good: a person must act. */
  | { write: 'fail'; why: string; attention: Attention; again: Instant }
  | ({ write: 'submit' } & ReturnType<typeof decideAgain>);

/**
 * If the provider declined a refund for good, or a person pays it, we only keep asking: the provider may change its
 * mind.
 */
export const decideAfterAnswer = (refund: Refund, answer: RefundAnswer, now: Instant): AfterAnswer => {
  if (answer.state === 'succeeded') return { write: 'confirm' };
  if (refund.state === 'settled')
    return { write: 'ask-again', again: askAboutEndedAt(refund.settledAt, now) };
  if (refund.state !== 'requested' && refund.state !== 'submitted')
    return { write: 'ask-again', again: askSeldomAt(now) };
  if (answer.state !== 'failed') return { write: 'submit', ...decideAgain(refund, answer, now) };
  const { why } = answer;
  const attention = attentionFor('refund-declined', why, { now, before: refund.attention });
  return { write: 'fail', why, attention, again: askSeldomAt(now) };
};

/** The order that ends when a refund is back: the one that its payment had paid. */
export const orderEndedBy = (
  order: Order | undefined,
  { paymentId }: Pick<PaymentRef, 'paymentId'>,
): OrderIn<'refunding'> | undefined =>
  order?.state === 'refunding' && order.paidBy === paymentId ? order : undefined;

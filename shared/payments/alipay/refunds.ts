import { fromDecimal, toDecimal } from '../../platform/money.ts';
import type { Payment, Refund } from '../model.ts';
import { otherAmount, type ProviderRefund } from '../provider.ts';
import { isFinalDecline, transientFailure } from './failures.ts';
import { alipayCurrency, refundAnswerSchema, refundQueryAnswerSchema } from './model.ts';
import type { AlipayGateway } from './request.ts';
import { unknownTrade } from './trades.ts';

const declined = (reason: string): ProviderRefund => {
  if (reason === unknownTrade) return { state: 'not-exist' };
  return { state: isFinalDecline(reason) ? 'failed' : 'declined', why: reason };
};

/** `alipay.trade.fastpay.refund.query`: a refund is done only when this answers REFUND_SUCCESS. */
export const queryRefund = async (
  gateway: AlipayGateway,
  { paymentId }: Payment,
  refund: Refund,
  signal?: AbortSignal,
): Promise<ProviderRefund> => {
  const numbers = { out_trade_no: paymentId, out_request_no: refund.refundNumber };
  const reply = await gateway.call('alipay.trade.fastpay.refund.query', numbers, refundQueryAnswerSchema, {
    signal,
  });
  if (reply.outcome === 'rejected') {
    if (reply.reason === unknownTrade) return { state: 'not-exist' };
    // A refused question says nothing about the refund.
    throw transientFailure(`it refuses a question about a refund (${reply.reason})`);
  }
  const { refund_status: status, refund_amount: amount, out_request_no: number } = reply.content;
  // Nobody may pay it another way meanwhile.
  if (status === 'REFUND_PROCESSING') return { state: 'processing' };
  // Not refunded, or not yet: requesting it again with the same number is safe and right in either case.
  if (status !== 'REFUND_SUCCESS') return { state: 'not-exist' };
  if (number !== undefined && number !== refund.refundNumber) {
    throw transientFailure('the answer is about another refund');
  }
  const refunded = amount === undefined ? undefined : fromDecimal(amount, alipayCurrency);
  if (refunded && refunded.amount !== refund.amount.amount) return { state: 'failed', why: otherAmount };
  return { state: 'succeeded' };
};

/** `alipay.trade.refund`, with our number: the same number and amount move money once, however often we send them. */
export const requestRefund = async (
  gateway: AlipayGateway,
  payment: Payment,
  refund: Refund,
  signal?: AbortSignal,
): Promise<ProviderRefund> => {
  const content = {
    out_trade_no: payment.paymentId,
    out_request_no: refund.refundNumber,
    refund_amount: toDecimal(refund.amount),
    refund_reason: refund.reason,
  };
  const reply = await gateway.call('alipay.trade.refund', content, refundAnswerSchema, { signal });
  if (reply.outcome === 'rejected') return declined(reply.reason);
  if (reply.content.fund_change === 'Y') return { state: 'processing' };
  // This call moved nothing: either an earlier one has, or none has yet.
  const found = await queryRefund(gateway, payment, refund, signal);
  return found.state === 'not-exist' ? { state: 'processing' } : found;
};

import { takenOf, isCaptured, type Payment, type Refund } from '../model.ts';
import { otherAmount, type ProviderRefund } from '../provider.ts';
import { isFinalDecline, isUnknown, transientFailure } from './failures.ts';
import { refundSchema, type WechatpayRefund } from './model.ts';
import { tooOften, type Reply, type WechatpayClient } from './request.ts';

const path = '/v3/refund/domestic/refunds';

const reasonLengthMax = 80;

/** Asks for a refund with our number: the same number moves money once. The answer means accepted, not done. */
export const requestRefund = async (
  client: WechatpayClient,
  payment: Payment,
  refund: Refund,
  signal?: AbortSignal,
): Promise<ProviderRefund> => {
  const total = isCaptured(payment) ? takenOf(payment) : payment.amount;
  const body = {
    out_trade_no: payment.paymentId,
    out_refund_no: refund.refundNumber,
    reason: refund.reason.slice(0, reasonLengthMax),
    ...(payment.notifyUrl !== undefined && { notify_url: payment.notifyUrl }),
    amount: { refund: refund.amount.amount, total: total.amount, currency: total.currency },
  };
  const reply = await client.call(
    { method: 'POST', path, body, schema: refundSchema, mayBeTooOften: true },
    signal,
  );
  return meaningOf(reply, refund);
};

export const queryRefund = async (
  client: WechatpayClient,
  refund: Refund,
  signal?: AbortSignal,
): Promise<ProviderRefund> => {
  const number = encodeURIComponent(refund.refundNumber);
  const reply = await client.call({ method: 'GET', path: `${path}/${number}`, schema: refundSchema }, signal);
  // A refused question says nothing about the refund.
  if (reply.outcome === 'rejected' && !isUnknown(reply.reason))
    throw transientFailure(`it refuses a question about a refund (${reply.reason})`);
  return meaningOf(reply, refund);
};

const meaningOf = (reply: Reply<WechatpayRefund>, refund: Refund): ProviderRefund => {
  if (reply.outcome === 'rejected') {
    const { reason: why } = reply;
    if (isUnknown(why)) return { state: 'not-exist' };
    if (why === tooOften) return { state: 'declined', why, tooOften: true };
    return { state: isFinalDecline(why) ? 'failed' : 'declined', why };
  }
  const { out_refund_no: number, status, amount } = reply.content;
  if (number !== refund.refundNumber) throw transientFailure('the answer is about another refund');
  if (amount.refund !== refund.amount.amount) return { state: 'failed', why: otherAmount };
  switch (status) {
    case 'SUCCESS':
      return { state: 'succeeded' };
    case 'PROCESSING':
      return { state: 'processing' };
    // The payer's card or account takes no money: a person sends it another way at the merchant page, by the same number,
    // and we learn of it. Sending it again changes nothing.
    case 'ABNORMAL':
    // WeChat Pay has ended it, and the money stays with the merchant.
    case 'CLOSED':
      return { state: 'failed', why: status };
  }
};

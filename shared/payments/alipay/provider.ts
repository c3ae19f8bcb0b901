import { fromDecimal, toDecimal } from '../../platform/money.ts';
import type { Clock } from '../../platform/time.ts';
import type { Payment, Refund } from '../model.ts';
import type { PaymentProvider, ProviderPayment, ProviderRefund } from '../provider.ts';
import { transientFailure } from './failures.ts';
import { alipayTime } from './local-time.ts';
import {
  alipayCurrency,
  answerSchema,
  queryAnswerSchema,
  refundAnswerSchema,
  refundQueryAnswerSchema,
  type AlipaySecret,
} from './model.ts';
import { readAlipayNotification } from './notification.ts';
import { alipayGateway } from './request.ts';
import { publicKeyOf } from './sign.ts';

const unknownTrade = 'ACQ.TRADE_NOT_EXIST';
/** The trade is in no state to be closed: paid, or closed already. Which of them, only a query tells. */
const notToBeClosed: ReadonlySet<string> = new Set([
  'ACQ.TRADE_HAS_SUCCESS',
  'ACQ.TRADE_STATUS_ERROR',
  'ACQ.REASON_TRADE_STATUS_INVALID',
  'ACQ.REASON_ILLEGAL_STATUS',
]);

const subjectLengthMax = 256;
/** Characters that Alipay does not take in a subject. */
const subjectOf = (text: string): string => text.replaceAll(/[/=&]/g, ' ').slice(0, subjectLengthMax);

/**
 * Alipay (支付宝): page payment, `alipay.trade.page.pay`. Our payment's id is its `out_trade_no`, our refund number its
 * `out_request_no`. Throws `TransientFailure` when nothing could be learnt, `ProviderRefusal` when keys or contract
 * are not in order.
 */
export const alipayProvider = (connection: {
  secret: AlipaySecret;
  clock: Clock;
  fetch?: typeof fetch;
}): PaymentProvider => {
  const { secret } = connection;
  const gateway = alipayGateway({ ...connection, fetch: connection.fetch ?? fetch });
  const parties = {
    appId: secret.appId,
    sellerId: secret.sellerId,
    alipayKey: publicKeyOf(secret.alipayPublicKey),
  };

  const query = async ({ paymentId }: Payment): Promise<ProviderPayment> => {
    const said = await gateway.call('alipay.trade.query', { out_trade_no: paymentId }, queryAnswerSchema);
    if (said.outcome === 'declined') return unlessUnknown(said.reason);
    const {
      out_trade_no: number,
      trade_no: providerTrade,
      trade_status: status,
      total_amount,
    } = said.content;
    if (number !== paymentId) throw transientFailure('the answer is about another trade');
    if (status === 'WAIT_BUYER_PAY') return { state: 'pending' };
    if (status === 'TRADE_CLOSED') return { state: 'closed' };
    const paid = fromDecimal(total_amount, alipayCurrency);
    if (!paid) throw transientFailure('the answer has no readable amount');
    return { state: 'captured', providerTrade, paid };
  };

  const close = async (payment: Payment): Promise<ProviderPayment> => {
    const said = await gateway.call('alipay.trade.close', { out_trade_no: payment.paymentId }, answerSchema);
    if (said.outcome === 'done') return { state: 'closed' };
    return notToBeClosed.has(said.reason) ? query(payment) : unlessUnknown(said.reason);
  };

  const queryRefund = async ({ paymentId }: Payment, refund: Refund): Promise<ProviderRefund> => {
    const numbers = { out_trade_no: paymentId, out_request_no: refund.refundNumber };
    const said = await gateway.call('alipay.trade.fastpay.refund.query', numbers, refundQueryAnswerSchema);
    if (said.outcome === 'declined') {
      return said.reason === unknownTrade ? { state: 'not-exist' } : { state: 'failed', why: said.reason };
    }
    const { refund_status: status, refund_amount: amount, out_request_no: number } = said.content;
    // Not refunded, or not yet: asking for it again with the same number is safe, and right in either case.
    if (status !== 'REFUND_SUCCESS') return { state: 'not-exist' };
    if (number !== undefined && number !== refund.refundNumber) {
      throw transientFailure('the answer is about another refund');
    }
    const refunded = amount === undefined ? undefined : fromDecimal(amount, alipayCurrency);
    if (refunded && refunded.amount !== refund.amount.amount)
      return { state: 'failed', why: 'amount-differs' };
    return { state: 'succeeded' };
  };

  return {
    name: 'alipay',
    currencies: [alipayCurrency],
    begin: async (payment, { subject, returnUrl, notifyUrl }) => {
      if (payment.amount.currency !== alipayCurrency) {
        throw new RangeError(`Alipay takes no ${payment.amount.currency}`);
      }
      const content = {
        out_trade_no: payment.paymentId,
        product_code: 'FAST_INSTANT_TRADE_PAY',
        total_amount: toDecimal(payment.amount),
        subject: subjectOf(subject),
        // Absolute: `timeout_express` would start again whenever the buyer reopens the cashier.
        time_expire: alipayTime(payment.expiresAt),
      };
      const addresses = { notify_url: notifyUrl, ...(returnUrl !== undefined && { return_url: returnUrl }) };
      return { kind: 'redirect', url: gateway.addressOf('alipay.trade.page.pay', content, addresses) };
    },
    query,
    close,
    refund: async (payment, refund) => {
      const content = {
        out_trade_no: payment.paymentId,
        out_request_no: refund.refundNumber,
        refund_amount: toDecimal(refund.amount),
        refund_reason: refund.reason,
      };
      const said = await gateway.call('alipay.trade.refund', content, refundAnswerSchema);
      if (said.outcome === 'declined') {
        return said.reason === unknownTrade ? { state: 'not-exist' } : { state: 'failed', why: said.reason };
      }
      // Even `Y` is only a promise: a refund is done when the refund query says REFUND_SUCCESS.
      if (said.content.fund_change === 'Y') return { state: 'processing' };
      const found = await queryRefund(payment, refund);
      return found.state === 'not-exist' ? { state: 'processing' } : found;
    },
    queryRefund,
    readNotification: async (request) => readAlipayNotification(request, parties),
    answers: {
      received: { statusCode: 200, contentType: 'text/plain', body: 'success' },
      refused: { statusCode: 400, contentType: 'text/plain', body: 'fail' },
    },
  };
};

const unlessUnknown = (reason: string): ProviderPayment => {
  if (reason === unknownTrade) return { state: 'not-exist' };
  throw transientFailure(`it could not say how the trade stands (${reason})`);
};

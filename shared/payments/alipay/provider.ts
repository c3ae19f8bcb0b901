import { toDecimal } from '../../platform/money.ts';
import type { PaymentProvider } from '../provider.ts';
import { alipayTime } from './local-time.ts';
import { alipayCurrency } from './model.ts';
import { readAlipayNotification } from './notification.ts';
import { queryRefund, requestRefund } from './refunds.ts';
import { alipayGateway, type AlipayConnection } from './request.ts';
import { publicKeyOf } from './sign.ts';
import { closeTrade, queryTrade } from './trades.ts';

const subjectLengthMax = 256;
/** Removes the characters that Alipay does not accept in a subject. */
const subjectOf = (text: string): string => text.replaceAll(/[/=&]/g, ' ').slice(0, subjectLengthMax);

/**
 * Alipay (支付宝): page payment, `alipay.trade.page.pay`. Our payment's id is its `out_trade_no`, our refund number its
 * `out_request_no`. Throws `TransientFailure` if it learnt nothing, `ProviderRefusal` if keys or contract are wrong.
 */
export const alipayProvider = (connection: AlipayConnection): PaymentProvider => {
  const { secret } = connection;
  const gateway = alipayGateway(connection);
  const parties = {
    appId: secret.appId,
    sellerId: secret.sellerId,
    alipayKey: publicKeyOf(secret.alipayPublicKey),
  };
  return {
    name: 'alipay',
    currencies: [alipayCurrency],
    begin: async (payment, { subject, returnUrl, notifyUrl }) => {
      if (payment.amount.currency !== alipayCurrency) {
        throw new RangeError(`Alipay does not accept ${payment.amount.currency}`);
      }
      const content = {
        out_trade_no: payment.paymentId,
        product_code: 'FAST_INSTANT_TRADE_PAY',
        total_amount: toDecimal(payment.amount),
        subject: subjectOf(subject),
        // Absolute: `timeout_express` would start again each time that the buyer reopens the cashier.
        time_expire: alipayTime(payment.expiresAt),
      };
      const addresses = { notify_url: notifyUrl, ...(returnUrl !== undefined && { return_url: returnUrl }) };
      return { kind: 'redirect', url: gateway.addressOf('alipay.trade.page.pay', content, addresses) };
    },
    query: (payment, signal) => queryTrade(gateway, payment, signal),
    close: (payment, signal) => closeTrade(gateway, payment, signal),
    refund: (payment, refund, signal) => requestRefund(gateway, payment, refund, signal),
    queryRefund: (payment, refund, signal) => queryRefund(gateway, payment, refund, signal),
    readNotification: async (request) => readAlipayNotification(request, parties),
    answers: {
      received: { statusCode: 200, contentType: 'text/plain', body: 'success' },
      refused: { statusCode: 400, contentType: 'text/plain', body: 'fail' },
    },
  };
};

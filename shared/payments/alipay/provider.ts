import type { PaymentProvider } from '../provider.ts';
import { alipayBills } from './bill.ts';
import { alipayMethodFor, alipayMethods, beginAlipay } from './begin.ts';
import { alipayCurrency } from './model.ts';
import { readAlipayNotification } from './notification.ts';
import { queryRefund, requestRefund } from './refunds.ts';
import { alipayGateway, type AlipayConnection } from './request.ts';
import { publicKeyOf } from '../rsa-sha256.ts';
import { closeTrade, queryTrade } from './trades.ts';

/**
 * Alipay (支付宝). Our payment's id is its `out_trade_no`, our refund number its
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
    methods: alipayMethods,
    methodFor: alipayMethodFor,
    begin: (payment, wish, signal) => beginAlipay(gateway, payment, wish, signal),
    query: (payment, signal) => queryTrade(gateway, payment, signal),
    close: (payment, signal) => closeTrade(gateway, payment, signal),
    refund: (payment, refund, signal) => requestRefund(gateway, payment, refund, signal),
    // Source: "统一收单交易退款查询", which wants ten seconds before the first query.
    refundTerms: { queryAfterSeconds: 10, sendAgainAfterSeconds: 10 },
    queryRefund: (payment, refund, signal) => queryRefund(gateway, payment, refund, signal),
    bills: alipayBills(gateway, connection.clock),
    readNotification: async (request) => readAlipayNotification(request, parties),
    answers: {
      received: { statusCode: 200, contentType: 'text/plain', body: 'success' },
      refused: { statusCode: 400, contentType: 'text/plain', body: 'fail' },
    },
  };
};

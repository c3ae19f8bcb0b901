import type { Clock } from '../../platform/time.ts';
import type { PaymentProvider } from '../provider.ts';
import { publicKeyOf } from '../rsa-sha256.ts';
import { wechatpayBills } from './bill.ts';
import { beginWechatpay, wechatpayMethodFor, wechatpayMethods } from './begin.ts';
import { wechatpayCurrency, type WechatpaySecret } from './model.ts';
import { readWechatpayNotification } from './notification.ts';
import { queryRefund, requestRefund } from './refunds.ts';
import { wechatpayClient } from './request.ts';
import { closeTransaction, queryTransaction } from './trades.ts';

export type WechatpayNeeds = { secret: WechatpaySecret; clock: Clock; fetch?: typeof fetch };

/**
 * WeChat Pay (微信支付), API v3. Our payment's id is its `out_trade_no`, our refund number its `out_refund_no`. Throws
 * `TransientFailure` if it learnt nothing, `ProviderRefusal` if keys or contract are wrong.
 */
export const wechatpayProvider = ({ secret, clock, fetch }: WechatpayNeeds): PaymentProvider => {
  const platformKeys = new Map(
    Object.entries(secret.platformKeys).map(([serial, pem]) => [serial, publicKeyOf(pem)]),
  );
  const client = wechatpayClient({ secret, platformKeys, clock, ...(fetch && { fetch }) });
  const { appId, mchId, apiV3Key } = secret;
  return {
    name: 'wechatpay',
    currencies: [wechatpayCurrency],
    methods: wechatpayMethods(secret),
    methodFor: (device) => wechatpayMethodFor(secret, device),
    begin: (payment, wish, signal) => beginWechatpay(client, secret, payment, wish, signal),
    query: (payment, signal) => queryTransaction(client, mchId, payment, signal),
    close: (payment, signal) => closeTransaction(client, mchId, payment, signal),
    refund: (payment, refund, signal) => requestRefund(client, payment, refund, signal),
    // Source: "Apply for a refund" and "Query a refund", which want a minute before each.
    refundTerms: { queryAfterSeconds: 60, sendAgainAfterSeconds: 60 },
    queryRefund: (_payment, refund, signal) => queryRefund(client, refund, signal),
    bills: wechatpayBills(client, clock),
    readNotification: async (request) =>
      readWechatpayNotification(request, { appId, mchId, apiV3Key, platformKeys }),
    answers: {
      received: { statusCode: 204, contentType: 'application/json', body: '' },
      refused: {
        statusCode: 400,
        contentType: 'application/json',
        body: JSON.stringify({ code: 'FAIL', message: 'the notification is refused' }),
      },
    },
  };
};

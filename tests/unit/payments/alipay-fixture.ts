import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { AlipaySecret } from '../../../shared/payments/alipay/model.ts';
import type { Payment, Refund } from '../../../shared/payments/model.ts';
import { orderIdSchema, paymentIdSchema } from '../../../shared/platform/ids.ts';
import { money } from '../../../shared/platform/money.ts';
import { instantSchema } from '../../../shared/platform/time.ts';

const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const merchant = pair();
export const alipay = pair();
export const stranger = pair();

export const secret: AlipaySecret = {
  appId: '2021000000000001',
  sellerId: '2088000000000001',
  privateKey: merchant.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  alipayPublicKey: alipay.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  gateway: 'https://gateway.example/gateway.do',
};

export const now = instantSchema.parse('2026-12-01T01:00:00.000Z');

export const payment: Payment = {
  orderId: orderIdSchema.parse('01KDA0000000000000000000RD'),
  paymentId: paymentIdSchema.parse('01KDA0000000000000000000RD_1'),
  provider: 'alipay',
  method: 'page',
  state: 'pending',
  action: { kind: 'redirect', url: 'https://cashier.example/' },
  amount: money(55_300, 'CNY'),
  createdAt: now,
  expiresAt: instantSchema.parse('2026-12-01T01:14:59.900Z'),
};

export const refund: Refund = {
  orderId: payment.orderId,
  paymentId: payment.paymentId,
  refundNumber: `${payment.paymentId}-whole`,
  amount: payment.amount,
  reason: 'late-payment',
  state: 'requested',
  requestedAt: now,
  attempts: 0,
};

/** The fields of a payment's notification, with a text that needs encoding and one that looks like more fields. */
export const paidFields: Readonly<Record<string, string>> = {
  notify_id: '2026120100222091507000001234567890',
  notify_type: 'trade_status_sync',
  notify_time: '2026-12-01 09:15:08',
  charset: 'utf-8',
  version: '1.0',
  app_id: secret.appId,
  auth_app_id: secret.appId,
  seller_id: secret.sellerId,
  buyer_id: '2088000000000002',
  trade_no: '2026120122001234560500012345',
  out_trade_no: payment.paymentId,
  trade_status: 'TRADE_SUCCESS',
  total_amount: '553.00',
  receipt_amount: '553.00',
  subject: 'G1 北京南→上海虹桥 & 100% + a=b',
  fund_bill_list: '[{"amount":"553.00","fundChannel":"ALIPAYACCOUNT"}]',
  gmt_payment: '2026-12-01 09:15:07',
};

/** Signed as Alipay's documentation says, in other words than the product's. */
export const signedBody = (
  fields: Readonly<Record<string, string>>,
  key: KeyObject = alipay.privateKey,
  more: Readonly<Record<string, string>> = { sign_type: 'RSA2' },
): URLSearchParams => {
  const text = Object.keys(fields)
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('&');
  const signature = sign('sha256', Buffer.from(text), key).toString('base64');
  return new URLSearchParams({ ...fields, ...more, sign: signature });
};

export const requestOf = (body: URLSearchParams | string | Buffer, contentType?: string) => ({
  headers: { 'content-type': contentType },
  body: Buffer.isBuffer(body) ? body : Buffer.from(body.toString()),
  receivedAt: now,
});

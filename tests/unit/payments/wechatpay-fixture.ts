import { createCipheriv, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { Payment, Refund } from '../../../shared/payments/model.ts';
import type { WechatpaySecret } from '../../../shared/payments/wechatpay/model.ts';
import { money } from '../../../shared/platform/money.ts';
import { millisecondsOf } from '../../../shared/platform/time.ts';
import { now, payment as alipayPayment, refund as alipayRefund } from './alipay-fixture.ts';

const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
export const merchant = pair();
export const platform = pair();
export const stranger = pair();

const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();

export const keyId = 'PUB_KEY_ID_0119000000012026010100000000000001';

export const secret: WechatpaySecret = {
  appId: 'wx0000000000000001',
  mchId: '1900000001',
  serialNo: '5157F09EFDC096DE15EBE81A47057A7200000001',
  privateKey: merchant.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  apiV3Key: '0123456789abcdef0123456789abcdef',
  platformKeys: { [keyId]: pem(platform.publicKey) },
  gateway: 'https://api.example',
};
export const platformKeys = new Map([[keyId, platform.publicKey]]);
export const parties = { ...secret, platformKeys };

export { now };
export const payment: Payment = { ...alipayPayment, provider: 'wechatpay', method: 'native' };
export const refund: Refund = { ...alipayRefund, amount: money(300, 'CNY') };

export const transaction = {
  appid: secret.appId,
  mchid: secret.mchId,
  out_trade_no: payment.paymentId,
  transaction_id: '4200000000000000000000000001',
  trade_type: 'NATIVE',
  trade_state: 'SUCCESS',
  success_time: '2026-12-01T09:00:00+08:00',
  payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
  amount: { total: 55_300, payer_total: 55_300, currency: 'CNY', payer_currency: 'CNY' },
};

/** Encrypted as WeChat Pay's documentation says, in other words than the product's. */
const sealed = (content: unknown, kind: string, key = secret.apiV3Key) => {
  const nonce = 'fdasflkja484';
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key), Buffer.from(nonce));
  cipher.setAAD(Buffer.from(kind));
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return {
    original_type: kind,
    algorithm: 'AEAD_AES_256_GCM',
    ciphertext: ciphertext.toString('base64'),
    associated_data: kind,
    nonce,
  };
};

export const noticeOf = (
  content: unknown,
  { kind = 'transaction', type = 'TRANSACTION.SUCCESS', key = secret.apiV3Key } = {},
): string =>
  JSON.stringify({
    id: 'EV-2018022511223320873',
    create_time: '2026-12-01T09:00:01+08:00',
    resource_type: 'encrypt-resource',
    event_type: type,
    summary: '支付成功',
    resource: sealed(content, kind, key),
  });

const seconds = Math.floor(millisecondsOf(now) / 1000);

/** The headers by which WeChat Pay signs a body, `late` seconds ago. */
export const signedHeaders = (
  body: string | Buffer,
  { late = 0, key = platform.privateKey, serial = keyId } = {},
): Record<string, string> => {
  const nonce = 'EcYbHJVSQpgkwMmM';
  const timestamp = seconds - late;
  const text = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), Buffer.from(body), Buffer.from('\n')]);
  return {
    'wechatpay-timestamp': String(timestamp),
    'wechatpay-nonce': nonce,
    'wechatpay-serial': serial,
    'wechatpay-signature': sign('sha256', text, key).toString('base64'),
  };
};

import { AlipaySdk } from 'alipay-sdk';
import { createCipheriv, createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import Stripe from 'stripe';
import * as wechatpay from 'wechatpay-axios-plugin';
import { readAlipayNotification } from '../../../shared/payments/alipay/notification.ts';
import { signingText } from '../../../shared/payments/alipay/signing-text.ts';
import { readStripeNotification } from '../../../shared/payments/stripe/notification.ts';
import { decrypt } from '../../../shared/payments/wechatpay/decrypt.ts';
import { readWechatpayNotification } from '../../../shared/payments/wechatpay/notification.ts';
import { verifySigned } from '../../../shared/payments/wechatpay/verify.ts';
import { instantOf, type Instant } from '../../../shared/platform/time.ts';
import type { Pair } from './paired.ts';

const paymentNumber = '01KDA0000000000000000000RD_1';
const keys = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (key: KeyObject, type: 'spki' | 'pkcs8'): string =>
  key.export({ type, format: 'pem' }).toString();

/** The whole notification from its bytes to its meaning, against the client's check of a form that is read the same way. */
const alipayPairs = (receivedAt: Instant): Pair[] => {
  const [alipay, merchant] = [keys(), keys()];
  const parties = { appId: '2021000000000001', sellerId: '2088000000000001', alipayKey: alipay.publicKey };
  const fields = new Map(
    Object.entries({
      notify_id: '2026120100222090000000000000000001',
      notify_type: 'trade_status_sync',
      notify_time: '2026-12-01 09:00:01',
      app_id: parties.appId,
      seller_id: parties.sellerId,
      out_trade_no: paymentNumber,
      trade_no: '2026120122001400000000000001',
      trade_status: 'TRADE_SUCCESS',
      total_amount: '553.00',
      subject: 'G1 北京南→上海虹桥',
      gmt_payment: '2026-12-01 09:00:00',
      charset: 'utf-8',
      version: '1.0',
    }),
  );
  const signature = sign('sha256', Buffer.from(signingText(fields)), alipay.privateKey).toString('base64');
  const text = new URLSearchParams([...fields, ['sign_type', 'RSA2'], ['sign', signature]]).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const body = Buffer.from(text);
  const sdk = new AlipaySdk({
    appId: parties.appId,
    privateKey: pem(merchant.privateKey, 'pkcs8'),
    keyType: 'PKCS8',
    alipayPublicKey: pem(alipay.publicKey, 'spki'),
  });
  return [
    {
      what: 'Alipay: verify and read a notification',
      oracle: 'alipay-sdk, checkNotifySignV2',
      ours: () => readAlipayNotification({ headers, body, receivedAt }, parties).outcome === 'accepted',
      theirs: () => sdk.checkNotifySignV2(Object.fromEntries(new URLSearchParams(body.toString('utf8')))),
    },
  ];
};

/** What the oracle exports and we use; its own types lack the classes. */
type Oracle = {
  Rsa: { verify: (text: string, signature: string, key: KeyObject) => boolean };
  Aes: { AesGcm: { decrypt: (ciphertext: string, key: string, iv: string, aad: string) => string } };
  Formatter: { response: (timestamp: string, nonce: string, body: string) => string };
};

const sealedTransaction = (apiV3Key: string, parties: { appId: string; mchId: string }) => {
  const content = {
    appid: parties.appId,
    mchid: parties.mchId,
    out_trade_no: paymentNumber,
    transaction_id: '4200000000000000000000000001',
    trade_type: 'NATIVE',
    trade_state: 'SUCCESS',
    trade_state_desc: '支付成功',
    bank_type: 'OTHERS',
    success_time: '2026-12-01T09:00:00+08:00',
    payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
    amount: { total: 55_300, payer_total: 55_300, currency: 'CNY', payer_currency: 'CNY' },
  };
  const nonce = 'fdasflkja484';
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from(nonce));
  cipher.setAAD(Buffer.from('transaction'));
  const sealed = [cipher.update(JSON.stringify(content), 'utf8'), cipher.final(), cipher.getAuthTag()];
  return {
    original_type: 'transaction',
    algorithm: 'AEAD_AES_256_GCM',
    ciphertext: Buffer.concat(sealed).toString('base64'),
    associated_data: 'transaction',
    nonce,
  };
};

const wechatpayPairs = (receivedAt: Instant): Pair[] => {
  const { Rsa, Aes, Formatter } = wechatpay as unknown as Oracle;
  const { privateKey, publicKey } = keys();
  const serial = 'PUB_KEY_ID_0119000000012026010100000000000001';
  const apiV3Key = '0123456789abcdef0123456789abcdef';
  const parties = { appId: 'wx0000000000000001', mchId: '1900000001', apiV3Key };
  const resource = sealedTransaction(apiV3Key, parties);
  const body = Buffer.from(
    JSON.stringify({
      id: 'EV-2018022511223320873',
      create_time: '2026-12-01T09:00:01+08:00',
      resource_type: 'encrypt-resource',
      event_type: 'TRANSACTION.SUCCESS',
      summary: '支付成功',
      resource,
    }),
  );
  const timestamp = String(Math.floor(Date.parse(receivedAt) / 1000));
  const nonce = 'EcYbHJVSQpgkwMmM';
  const signed = Buffer.from(`${timestamp}\n${nonce}\n${body.toString()}\n`);
  const signature = sign('sha256', signed, privateKey).toString('base64');
  const headers = {
    'wechatpay-timestamp': timestamp,
    'wechatpay-nonce': nonce,
    'wechatpay-serial': serial,
    'wechatpay-signature': signature,
  };
  const platformKeys = new Map([[serial, publicKey]]);
  const request = { headers, body, receivedAt };
  const verifiedThere = (): boolean =>
    Rsa.verify(Formatter.response(timestamp, nonce, body.toString('utf8')), signature, publicKey);
  const decryptedThere = (): string =>
    Aes.AesGcm.decrypt(resource.ciphertext, apiV3Key, resource.nonce, resource.associated_data);
  return [
    {
      what: 'WeChat Pay: verify a signature',
      oracle: 'wechatpay-axios-plugin, Rsa.verify',
      ours: () => verifySigned(request, platformKeys).outcome === 'accepted',
      theirs: verifiedThere,
    },
    {
      what: 'WeChat Pay: decrypt a notification',
      oracle: 'wechatpay-axios-plugin, AesGcm.decrypt',
      ours: () => decrypt(resource, apiV3Key).outcome === 'accepted',
      theirs: () => decryptedThere().length > 0,
    },
    {
      what: 'WeChat Pay: verify, decrypt and read',
      oracle: 'both of its calls, and JSON.parse twice',
      ours: () => readWechatpayNotification(request, { ...parties, platformKeys }).outcome === 'accepted',
      theirs: () =>
        verifiedThere() &&
        typeof JSON.parse(body.toString('utf8')) === 'object' &&
        typeof JSON.parse(decryptedThere()) === 'object',
    },
  ];
};

const stripePairs = (receivedAt: Instant): Pair[] => {
  const secret = 'whsec_4eC39HqLyjWDarjtT1zdp7dc';
  const object = {
    id: 'pi_3Abc',
    object: 'payment_intent',
    amount: 55_300,
    amount_received: 55_300,
    client_secret: 'pi_3Abc_secret_xyz',
    currency: 'eur',
    metadata: { payment: paymentNumber },
    status: 'succeeded',
  };
  const event = {
    id: 'evt_1',
    object: 'event',
    type: 'payment_intent.succeeded',
    livemode: false,
    data: { object },
  };
  const body = Buffer.from(JSON.stringify(event));
  const seconds = Math.floor(Date.parse(receivedAt) / 1000);
  const digest = createHmac('sha256', secret).update(`${seconds}.${body.toString()}`).digest('hex');
  const signature = `t=${seconds},v1=${digest}`;
  const { webhooks } = new Stripe('sk_test_1');
  return [
    {
      what: 'Stripe: verify and read an event',
      oracle: 'stripe, webhooks.constructEvent',
      ours: () =>
        readStripeNotification({ headers: { 'stripe-signature': signature }, body, receivedAt }, [secret])
          .outcome === 'accepted',
      theirs: () => webhooks.constructEvent(body, signature, secret, Infinity).id === 'evt_1',
    },
  ];
};

/** What we and the providers' clients both do with each genuine notification; the same bytes and keys for both. */
export const notificationPairs = (): Pair[] => {
  const now = instantOf(Date.now());
  return [...alipayPairs(now), ...wechatpayPairs(now), ...stripePairs(now)];
};

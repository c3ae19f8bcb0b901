import * as oracle from 'wechatpay-axios-plugin';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../../infra/local/providers/sandbox.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { isSignedBy, signatureOf } from '../../shared/payments/rsa-sha256.ts';
import { decrypt } from '../../shared/payments/wechatpay/decrypt.ts';
import { merchant } from '../unit/payments/wechatpay-fixture.ts';

/** What we use of the oracle, WeChat Pay's client of another author; it also checks the signature of each answer. */
type Api = {
  v3: {
    pay: {
      transactions: {
        native: { post: Call };
        outTradeNo: Record<string, { get: (config: object) => Promise<Answer>; close: { post: Call } }>;
      };
    };
    refund: { domestic: { refunds: { post: Call } & Record<string, { get: () => Promise<Answer> }> } };
  };
};
type Answer = { status: number; data: Record<string, unknown> };
type Call = (content: object) => Promise<Answer>;
type Oracle = {
  Wechatpay: new (options: object) => Api;
  Rsa: {
    sign: (text: string, key: unknown) => string;
    verify: (text: string, signature: string, key: unknown) => boolean;
  };
  Aes: { AesGcm: { encrypt: (text: string, key: string, iv: string, aad: string) => string } };
};
const { Wechatpay, Rsa, Aes } = oracle as unknown as Oracle;

let folder: string;
let sandbox: Sandbox;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keyun-wechatpay-sdk-'));
  // Its client compares the time of an answer with the time of this machine.
  sandbox = await startSandbox({ dataDir: folder, clock: systemClock() });
});
afterAll(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

const client = (change: object = {}): Api => {
  const { mchId, serialNo, privateKey, platformKeys, gateway } = sandbox.secrets.wechatpay;
  const given = { mchid: mchId, serial: serialNo, privateKey, certs: platformKeys, baseURL: gateway };
  return new Wechatpay({ ...given, ...change });
};

const order = (number: string) => {
  const { appId, mchId } = sandbox.secrets.wechatpay;
  return {
    appid: appId,
    mchid: mchId,
    description: 'G1',
    out_trade_no: number,
    notify_url: 'http://127.0.0.1:9/',
    amount: { total: 100, currency: 'CNY' },
  };
};

test('its client creates, asks, closes and refunds at the sandbox, and believes every answer', async () => {
  const api = client();
  const created = await api.v3.pay.transactions.native.post(order('sdk-00001'));
  expect(created.data).toEqual({ code_url: expect.stringContaining('weixin://') });
  const { mchId: mchid } = sandbox.secrets.wechatpay;
  const stands = async () => {
    const answer = await api.v3.pay.transactions.outTradeNo['sdk-00001']?.get({ params: { mchid } });
    return answer?.data['trade_state'];
  };
  expect(await stands()).toBe('NOTPAY');
  await fetch(`${sandbox.url}/wechatpay/cashier/sdk-00001/pay`, { method: 'POST', redirect: 'manual' });
  expect(await stands()).toBe('SUCCESS');
  const refunded = await api.v3.refund.domestic.refunds.post({
    out_trade_no: 'sdk-00001',
    out_refund_no: 'sdk-refund-1',
    amount: { refund: 40, total: 100, currency: 'CNY' },
  });
  expect(refunded.data).toMatchObject({ status: 'PROCESSING', out_refund_no: 'sdk-refund-1' });
  expect(await stands()).toBe('REFUND');
  await api.v3.pay.transactions.native.post(order('sdk-00002'));
  const closed = await api.v3.pay.transactions.outTradeNo['sdk-00002']?.close.post({ mchid });
  expect(closed?.status).toBe(204);
});

test('its client is refused when it signs with another key', async () => {
  const stranger = client({ privateKey: merchant.privateKey });
  await expect(stranger.v3.pay.transactions.native.post(order('sdk-00003'))).rejects.toMatchObject({
    response: { status: 401, data: { code: 'SIGN_ERROR' } },
  });
});

test('what either signs, the other verifies', () => {
  const text = 'POST\n/v3/pay/transactions/native\n1\nn\n{"a":"长"}\n';
  expect(Rsa.verify(text, signatureOf(text, merchant.privateKey), merchant.publicKey)).toBe(true);
  expect(isSignedBy(text, Rsa.sign(text, merchant.privateKey), merchant.publicKey)).toBe(true);
  expect(isSignedBy(`${text} `, Rsa.sign(text, merchant.privateKey), merchant.publicKey)).toBe(false);
});

test('what it encrypts, we decrypt', () => {
  const key = '0123456789abcdef0123456789abcdef';
  const ciphertext = Aes.AesGcm.encrypt('{"a":"长"}', key, 'fdasflkja484', 'transaction');
  const opened = decrypt({ ciphertext, nonce: 'fdasflkja484', associated_data: 'transaction' }, key);
  expect(opened.outcome === 'accepted' && opened.content.toString()).toBe('{"a":"长"}');
});

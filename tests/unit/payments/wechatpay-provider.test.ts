import { verify } from 'node:crypto';
import { wechatpayEntry } from '../../../shared/payments/wechatpay/entry.ts';
import { wechatpayProvider } from '../../../shared/payments/wechatpay/provider.ts';
import { answered, error, named } from './wechatpay-answers.ts';
import {
  keyId,
  merchant,
  now,
  payment,
  platform,
  secret,
  signedHeaders,
  stranger,
  transaction,
} from './wechatpay-fixture.ts';

const wish = {
  subject: 'G1 北京南-上海虹桥',
  device: { userAgent: '', address: '203.0.113.9', openid: 'o1' },
  returnUrl: 'https://shop.example/orders/1?a=b',
  notifyUrl: 'https://api.example/v1/payment-callbacks/wechatpay',
};

describe('beginning a payment', () => {
  test('by a code asks for one, with a deadline that is no later than ours', async () => {
    const { provider, sent } = answered({ body: { code_url: 'weixin://wxpay/bizpayurl?pr=1' } });
    expect(await provider.begin(payment, wish)).toEqual({
      kind: 'qr-code',
      text: 'weixin://wxpay/bizpayurl?pr=1',
    });
    expect(sent[0]).toMatchObject({ method: 'POST', url: 'https://api.example/v3/pay/transactions/native' });
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual({
      appid: secret.appId,
      mchid: secret.mchId,
      description: wish.subject,
      out_trade_no: payment.paymentId,
      time_expire: '2026-12-01T09:14:59+08:00',
      notify_url: wish.notifyUrl,
      amount: { total: 55_300, currency: 'CNY' },
    });
  });

  test('in a phone’s browser gives the payer’s address, and leads back to the shop', async () => {
    const address = 'https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1&package=2';
    const { provider, sent } = answered({ body: { h5_url: address } });
    expect(await provider.begin({ ...payment, method: 'h5' }, wish)).toEqual({
      kind: 'redirect',
      url: `${address}&redirect_url=https%3A%2F%2Fshop.example%2Forders%2F1%3Fa%3Db`,
    });
    expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({
      scene_info: { payer_client_ip: '203.0.113.9', h5_info: { type: 'Wap' } },
    });
  });

  test('inside WeChat signs the parameters that the page hands over', async () => {
    const { provider, sent } = answered({ body: { prepay_id: 'wx201410272009395522657a690389285100' } });
    const action = await provider.begin({ ...payment, method: 'jsapi' }, wish);
    expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({ payer: { openid: 'o1' } });
    if (action.kind !== 'parameters') throw new Error(action.kind);
    const { appId, timeStamp, nonceStr, package: packed, signType, paySign } = action.parameters;
    expect([appId, packed, signType]).toEqual([
      secret.appId,
      'prepay_id=wx201410272009395522657a690389285100',
      'RSA',
    ]);
    const text = `${appId}\n${timeStamp}\n${nonceStr}\n${packed}\n`;
    expect(
      verify('sha256', Buffer.from(text), merchant.publicKey, Buffer.from(paySign ?? '', 'base64')),
    ).toBe(true);
  });

  test('signs each request over its method, address, time, nonce and body', async () => {
    const { provider, sent } = answered(
      { body: { code_url: 'weixin://1' } },
      { body: { code_url: 'weixin://1' } },
    );
    await provider.begin(payment, wish);
    await provider.begin(payment, wish);
    const proofs = sent.map(({ authorization, body }) => {
      const parts = Object.fromEntries(
        [...authorization.matchAll(/(\w+)="([^"]*)"/g)].map(([, k, v]) => [k, v]),
      );
      const text = `POST\n/v3/pay/transactions/native\n${parts['timestamp']}\n${parts['nonce_str']}\n${body}\n`;
      const isSigned = verify(
        'sha256',
        Buffer.from(text),
        merchant.publicKey,
        Buffer.from(parts['signature'] ?? '', 'base64'),
      );
      return { ...parts, isSigned };
    });
    expect(proofs[0]).toMatchObject({
      mchid: secret.mchId,
      serial_no: secret.serialNo,
      timestamp: '1796086800',
      isSigned: true,
    });
    expect(new Set(proofs.map((proof) => (proof as Record<string, unknown>)['nonce_str'])).size).toBe(2);
  });

  test('takes yuan and its own methods alone', async () => {
    const { provider, sent } = answered();
    const euros = { ...payment, amount: { amount: 1, currency: 'EUR' } };
    await expect(provider.begin(euros, wish)).rejects.toThrow('EUR');
    await expect(provider.begin({ ...payment, method: 'page' }, wish)).rejects.toThrow('page');
    expect(sent).toEqual([]);
  });

  test('keeps the description within what WeChat Pay takes', async () => {
    const { provider, sent } = answered({ body: { code_url: 'weixin://1' } });
    await provider.begin(payment, { ...wish, subject: '长'.repeat(300) });
    expect((JSON.parse(sent[0]?.body ?? '') as { description: string }).description).toHaveLength(127);
  });
});

describe('the method that fits', () => {
  const phone = 'Mozilla/5.0 (iPhone) Mobile/15E148';
  const inWechat = `${phone} MicroMessenger/8.0.60`;
  test.each([
    [{ userAgent: '' }, 'native'],
    [{ userAgent: phone, address: '203.0.113.9' }, 'h5'],
    [{ userAgent: phone }, 'native'],
    [{ userAgent: inWechat, openid: 'o1' }, 'jsapi'],
    [{ userAgent: inWechat, address: '203.0.113.9' }, 'native'],
  ])('%j: %s', (device, method) => {
    expect(answered().provider.methodFor(device)).toBe(method);
  });

  test('is one that the contract has', () => {
    const some = wechatpayProvider({ secret: { ...secret, methods: ['jsapi'] }, clock: () => now });
    expect(some.methods).toEqual([{ name: 'jsapi', action: 'parameters', needs: ['openid'] }]);
    expect(some.methodFor({ userAgent: '' })).toBe('jsapi');
  });
});

describe('asking how a payment stands', () => {
  const captured = {
    state: 'captured',
    providerTrade: transaction.transaction_id,
    paid: { amount: 55_300, currency: 'CNY' },
    paidAt: '2026-12-01T01:00:00.000Z',
  };
  test.each([
    ['SUCCESS', captured],
    ['REFUND', captured],
    ['NOTPAY', { state: 'pending' }],
    ['USERPAYING', { state: 'pending' }],
    ['PAYERROR', { state: 'pending' }],
    ['CLOSED', { state: 'closed' }],
    ['REVOKED', { state: 'closed' }],
  ])('%s', async (trade_state, state) => {
    const { provider, sent } = answered({ body: { ...transaction, trade_state } });
    expect(await provider.query(payment)).toEqual(state);
    expect(sent[0]?.url).toBe(
      `https://api.example/v3/pay/transactions/out-trade-no/${payment.paymentId}?mchid=${secret.mchId}`,
    );
  });

  test.each(['ORDER_NOT_EXIST', 'ORDERNOTEXIST', 'RESOURCE_NOT_EXISTS'])(
    '%s: there is none',
    async (code) => {
      expect(await answered(error(404, code)).provider.query(payment)).toEqual({ state: 'not-exist' });
    },
  );

  test('before anybody has paid there is no amount', async () => {
    const { amount: _, transaction_id: __, ...waiting } = transaction;
    const { provider } = answered({ body: { ...waiting, trade_state: 'NOTPAY' } });
    expect(await provider.query(payment)).toEqual({ state: 'pending' });
  });

  test.each([
    ['unsigned', { body: transaction, headers: {} }],
    [
      'signed by another',
      {
        body: transaction,
        headers: signedHeaders(JSON.stringify(transaction), { key: stranger.privateKey }),
      },
    ],
    ['signed for another body', { body: transaction, headers: signedHeaders('{}') }],
    ['old', { body: transaction, headers: signedHeaders(JSON.stringify(transaction), { late: 300 }) }],
    ['about another payment', { body: { ...transaction, out_trade_no: 'other' } }],
    ['about another merchant', { body: { ...transaction, mchid: 'other' } }],
    ['paid without an amount', { body: { ...transaction, amount: undefined } }],
    ['not JSON', { body: '<html>' }],
    ['too often', error(429, 'FREQUENCY_LIMITED')],
    ['a fault there', error(500, 'SYSTEM_ERROR')],
    ['an error without a code', { status: 400, body: 'no', headers: {} }],
    ['a refusal that we do not know', error(400, 'SOMETHING_NEW')],
    ['nothing at all', new Error('socket hang up')],
  ])('an answer that is %s tells nothing', async (_, answer) => {
    await expect(answered(answer).provider.query(payment)).rejects.toEqual(named('TransientFailure'));
  });

  test.each([
    [401, 'SIGN_ERROR'],
    [401, 'OTHER'],
    [403, 'NO_AUTH'],
    [400, 'APPID_MCHID_NOT_MATCH'],
  ])('%d %s means that the settings are wrong', async (status, code) => {
    await expect(answered(error(status, code)).provider.query(payment)).rejects.toEqual(
      named('ProviderRefusal'),
    );
  });
});

describe('closing', () => {
  test('is done by 204, and says so', async () => {
    const { provider, sent } = answered({ status: 204 });
    expect(await provider.close(payment)).toEqual({ state: 'closed' });
    expect(sent[0]).toMatchObject({ method: 'POST', body: JSON.stringify({ mchid: secret.mchId }) });
  });

  test('that is refused asks how it stands', async () => {
    const { provider } = answered(error(400, 'ORDERPAID'), { body: transaction });
    expect(await provider.close(payment)).toMatchObject({ state: 'captured' });
    const closed = answered(error(400, 'ORDER_CLOSED'), { body: { ...transaction, trade_state: 'CLOSED' } });
    expect(await closed.provider.close(payment)).toEqual({ state: 'closed' });
    expect(await answered(error(404, 'ORDER_NOT_EXIST')).provider.close(payment)).toEqual({
      state: 'not-exist',
    });
  });
});

test('a whole set of keys switches it on, anything else does not', () => {
  const open = (keys: unknown) => wechatpayEntry.open(keys, { clock: () => now })?.name;
  expect(open(secret)).toBe('wechatpay');
  for (const keys of [
    {},
    undefined,
    { ...secret, apiV3Key: 'short' },
    { ...secret, platformKeys: {} },
    { ...secret, mchId: ' ' },
  ])
    expect(open(keys)).toBeUndefined();
});

test('a key may be a certificate or a public key, and two of them work during a change', async () => {
  const body = JSON.stringify(transaction);
  const pem = (key: typeof platform) => key.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const two = { ...secret, platformKeys: { [keyId]: pem(stranger), SERIAL2: pem(platform) } };
  const send = (async () =>
    new Response(body, { headers: signedHeaders(body, { serial: 'SERIAL2' }) })) as unknown as typeof fetch;
  const provider = wechatpayProvider({ secret: two, clock: () => now, fetch: send });
  expect(await provider.query(payment)).toMatchObject({ state: 'captured' });
});

import fc from 'fast-check';
import { readWechatpayNotification } from '../../../shared/payments/wechatpay/notification.ts';
import {
  noticeOf,
  now,
  parties,
  payment,
  secret,
  signedHeaders,
  stranger,
  transaction,
} from './wechatpay-fixture.ts';

const read = (body: string | Buffer, headers: Record<string, string | undefined> = signedHeaders(body)) =>
  readWechatpayNotification({ headers, body: Buffer.from(body), receivedAt: now }, parties);
const refusedFor = (reason: string) => ({ outcome: 'rejected', reason });
const says = (content: object, how = {}) => {
  const reading = read(noticeOf(content, how));
  return reading.outcome === 'accepted' ? reading.notification.says : reading;
};

test('a notification that WeChat Pay signed tells which payment was paid, and how much', () => {
  expect(read(noticeOf(transaction))).toEqual({
    outcome: 'accepted',
    notification: {
      notificationId: 'EV-2018022511223320873',
      paymentNumber: payment.paymentId,
      says: {
        kind: 'captured',
        providerTrade: transaction.transaction_id,
        paid: { amount: 55_300, currency: 'CNY' },
        paidAt: '2026-12-01T01:00:00.000Z',
      },
    },
  });
  expect(says({ ...transaction, success_time: 'yesterday' })).toEqual({
    kind: 'captured',
    providerTrade: transaction.transaction_id,
    paid: { amount: 55_300, currency: 'CNY' },
  });
});

test.each([
  ['CLOSED', { kind: 'closed' }],
  ['REVOKED', { kind: 'closed' }],
  ['REFUND', { kind: 'refunded' }],
  ['NOTPAY', { kind: 'other' }],
  ['USERPAYING', { kind: 'other' }],
])('a transaction that is %s says %j', (trade_state, meaning) => {
  expect(says({ ...transaction, trade_state })).toEqual(meaning);
});

test.each([
  { kind: 'refund', type: 'REFUND.SUCCESS' },
  { kind: 'refund', type: 'REFUND.ABNORMAL' },
  { kind: 'refund', type: 'TRANSACTION.SUCCESS' },
  { kind: 'transaction', type: 'REFUND.CLOSED' },
])('a refund’s notification is never a payment: %j', (how) => {
  const content = {
    ...transaction,
    out_refund_no: `${payment.paymentId}_whole`,
    refund_status: 'SUCCESS',
    amount: { total: 55_300, refund: 300 },
  };
  expect(says(content, how)).toEqual({ kind: 'refunded', refundNumber: content.out_refund_no });
});

test.each([
  ['app-id', { appid: 'wx2' }],
  ['mch-id', { mchid: '2' }],
  ['total-amount', { amount: undefined }],
  ['fields', { amount: { total: 553.5 } }],
  ['fields', { amount: { total: '55300' } }],
  ['fields', { amount: { total: -1 } }],
  ['fields', { trade_state: 'PAID' }],
  ['fields', { transaction_id: undefined }],
  ['fields', { out_trade_no: '' }],
])('signed content is refused for %s: %j', (reason, change) => {
  expect(says({ ...transaction, ...change })).toEqual(refusedFor(reason));
});

test('another currency is told as what it is: whoever knows the payment compares it', () => {
  expect(says({ ...transaction, amount: { total: 55_300, currency: 'USD' } })).toMatchObject({
    paid: { amount: 55_300, currency: 'USD' },
  });
});

test.each(['wechatpay-timestamp', 'wechatpay-nonce', 'wechatpay-serial', 'wechatpay-signature'])(
  'without %s, or with two of it, it is refused',
  (name) => {
    const body = noticeOf(transaction);
    const headers = signedHeaders(body);
    expect(read(body, { ...headers, [name]: undefined })).toEqual(refusedFor('headers'));
    expect(read(body, { ...headers, [name]: '' })).toEqual(refusedFor('headers'));
    expect(read(body, { ...headers, [name]: `${headers[name]},${headers[name]}` })).toEqual(
      refusedFor('headers'),
    );
  },
);

test.each([
  [299, 'accepted'],
  [300, 'rejected'],
  [-299, 'accepted'],
  [-300, 'rejected'],
])('signed %d seconds ago it is %s', (late, outcome) => {
  const body = noticeOf(transaction);
  expect(read(body, signedHeaders(body, { late })).outcome).toBe(outcome);
});

test('another key, an unknown key and WeChat Pay’s own test signatures are each refused by name', () => {
  const body = noticeOf(transaction);
  expect(read(body, signedHeaders(body, { key: stranger.privateKey }))).toEqual(refusedFor('signature'));
  expect(read(body, signedHeaders(body, { serial: 'PUB_KEY_ID_2' }))).toEqual(refusedFor('serial'));
  const probing = { ...signedHeaders(body), 'wechatpay-signature': 'WECHATPAY/SIGNTEST/abcd' };
  expect(read(body, probing)).toEqual(refusedFor('signature'));
});

test('content that another key sealed, or that somebody changed, is refused', () => {
  expect(read(noticeOf(transaction, { key: 'f'.repeat(32) }))).toEqual(refusedFor('ciphertext'));
  const whole = JSON.parse(noticeOf(transaction)) as { resource: Record<string, string> };
  const changed = (change: Record<string, string>) => {
    const body = JSON.stringify({ ...whole, resource: { ...whole.resource, ...change } });
    return read(body);
  };
  expect(changed({ associated_data: 'refund' })).toEqual(refusedFor('ciphertext'));
  expect(changed({ nonce: 'fdasflkja485' })).toEqual(refusedFor('ciphertext'));
  expect(changed({ nonce: 'short' })).toEqual(refusedFor('ciphertext'));
  expect(changed({ ciphertext: whole.resource['ciphertext']?.slice(0, 16) ?? '' })).toEqual(
    refusedFor('ciphertext'),
  );
  expect(changed({ algorithm: 'AEAD_AES_128_GCM' })).toEqual(refusedFor('malformed'));
});

test.each(['', '[]', 'null', '{', '{"id":"1"}', '\ufeff{}'])('the signed body %j is refused', (body) => {
  expect(read(body)).toEqual(refusedFor('malformed'));
});

test('bytes that are not UTF-8 and bodies without end are refused', () => {
  const bytes = Buffer.from([0x7b, 0xff, 0x7d]);
  expect(read(bytes)).toEqual(refusedFor('malformed'));
  expect(read('x'.repeat(70_000))).toEqual(refusedFor('too-large'));
});

test('sealed content that is not JSON is refused', () => {
  expect(read(noticeOf('not json'))).toEqual(refusedFor('fields'));
});

test('whatever bytes and headers arrive, reading them never throws and never believes them', () => {
  const header = fc.option(fc.string(), { nil: undefined });
  const headers = fc.record({
    'wechatpay-timestamp': header,
    'wechatpay-nonce': header,
    'wechatpay-serial': fc.oneof(header, fc.constant(Object.keys(secret.platformKeys)[0])),
    'wechatpay-signature': fc.oneof(header, fc.base64String()),
  });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), headers, (bytes, given) => {
      expect(read(Buffer.from(bytes), given).outcome).toBe('rejected');
    }),
  );
});

test('a body changed in any place is refused', () => {
  const original = Buffer.from(noticeOf(transaction));
  const headers = signedHeaders(original);
  const change = fc.record({
    at: fc.nat(original.length - 1),
    cut: fc.nat(3),
    put: fc.uint8Array({ maxLength: 3 }),
  });
  fc.assert(
    fc.property(change, ({ at, cut, put }) => {
      const changed = Buffer.concat([original.subarray(0, at), put, original.subarray(at + cut)]);
      if (!changed.equals(original)) expect(read(changed, headers)).toEqual(refusedFor('signature'));
    }),
    { numRuns: 300 },
  );
});

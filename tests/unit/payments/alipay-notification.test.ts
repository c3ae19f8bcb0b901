import fc from 'fast-check';
import { readAlipayNotification } from '../../../shared/payments/alipay/notification.ts';
import { alipay, paidFields, payment, requestOf, secret, signedBody, stranger } from './alipay-fixture.ts';

const parties = { appId: secret.appId, sellerId: secret.sellerId, alipayKey: alipay.publicKey };
const read = (body: URLSearchParams | string | Buffer, contentType?: string) =>
  readAlipayNotification(requestOf(body, contentType), parties);
const refusedFor = (reason: string) => ({ outcome: 'rejected', reason });
const says = (fields: Record<string, string>) => {
  const reading = read(signedBody({ ...paidFields, ...fields }));
  return reading.outcome === 'accepted' ? reading.notification.says : reading;
};

test('a notification that Alipay signed tells which payment was paid, and how much', () => {
  expect(read(signedBody(paidFields))).toEqual({
    outcome: 'accepted',
    notification: {
      notificationId: paidFields['notify_id'],
      paymentNumber: payment.paymentId,
      says: {
        kind: 'captured',
        providerTrade: paidFields['trade_no'],
        paid: { amount: 55_300, currency: 'CNY' },
        paidAt: '2026-12-01T01:15:07.000Z',
      },
    },
  });
});

test('a finished trade is a paid one', () => {
  expect(says({ trade_status: 'TRADE_FINISHED' })).toMatchObject({ kind: 'captured' });
});

test('a closed trade is told as closed, a waiting one asks for nothing', () => {
  expect(says({ trade_status: 'TRADE_CLOSED' })).toEqual({ kind: 'closed' });
  expect(says({ trade_status: 'WAIT_BUYER_PAY' })).toEqual({ kind: 'other' });
});

test.each([
  { out_biz_no: '01KDA-whole', refund_fee: '553.00', gmt_refund: '2026-12-01 10:00:00.000' },
  { out_biz_no: '01KDA-whole' },
  { refund_fee: '0.01' },
  { gmt_refund: '2026-12-01 10:00:00.000' },
])('a refund notification still says TRADE_SUCCESS and is never a second payment: %j', (fields) => {
  const refunded = {
    kind: 'refunded',
    ...(fields.out_biz_no !== undefined && { refundNumber: fields.out_biz_no }),
  };
  expect(says(fields)).toEqual(refunded);
  expect(says({ ...fields, trade_status: 'TRADE_CLOSED' })).toEqual(refunded);
});

test('a refund of nothing does not hide a payment', () => {
  expect(says({ refund_fee: '0.00', out_biz_no: '', gmt_refund: '' })).toMatchObject({ kind: 'captured' });
});

test('empty values are part of what is signed', () => {
  expect(says({ body: '' })).toMatchObject({ kind: 'captured' });
});

test.each(['', 'abc', '553.001', '-1.00', '1e3'])('a payment of %j yuan is refused', (amount) => {
  expect(says({ total_amount: amount })).toEqual(refusedFor('total-amount'));
});

test('another key, another application, another account are each refused by name', () => {
  expect(read(signedBody(paidFields, stranger.privateKey))).toEqual(refusedFor('signature'));
  expect(read(signedBody({ ...paidFields, app_id: '1' }))).toEqual(refusedFor('app-id'));
  expect(read(signedBody({ ...paidFields, seller_id: '1' }))).toEqual(refusedFor('seller-id'));
});

test('what is not signed, or signed the weaker way, is refused', () => {
  expect(read(new URLSearchParams({ ...paidFields, sign_type: 'RSA2' }))).toEqual(refusedFor('sign-missing'));
  expect(read(signedBody(paidFields, alipay.privateKey, {}))).toEqual(refusedFor('sign-type'));
  expect(read(signedBody(paidFields, alipay.privateKey, { sign_type: 'RSA' }))).toEqual(
    refusedFor('sign-type'),
  );
});

test('a signature spelt otherwise than base64 spells it is refused', () => {
  const body = signedBody(paidFields);
  body.set('sign', `${body.get('sign')}\n`);
  expect(read(body)).toEqual(refusedFor('signature'));
});

test('a key that comes twice is refused, whatever it says', () => {
  expect(read(`${signedBody(paidFields)}&total_amount=0.01`)).toEqual(refusedFor('duplicate-key'));
  expect(read(`${signedBody(paidFields)}&total%5Famount=553.00`)).toEqual(refusedFor('duplicate-key'));
});

test('GBK is refused by name, in the form as in the header', () => {
  expect(read(signedBody({ ...paidFields, charset: 'GBK' }))).toEqual(refusedFor('charset'));
  const type = 'application/x-www-form-urlencoded; text/html; charset=';
  expect(read(signedBody(paidFields), `${type}GBK`)).toEqual(refusedFor('charset'));
  expect(read(signedBody(paidFields), `${type}UTF-8`)).toMatchObject({ outcome: 'accepted' });
});

test.each(['', '&', '=', '=a', 'a', 'a=%', 'a=%zz', 'a=%ff', '{"a":1}'])('the body %j is refused', (body) => {
  expect(read(body)).toMatchObject({ outcome: 'rejected' });
});

test('bytes that are not UTF-8 and bodies without end are refused', () => {
  expect(read(Buffer.from([0x61, 0x3d, 0xff]))).toEqual(refusedFor('malformed'));
  expect(read(Buffer.alloc(70_000, 'a=b&'))).toEqual(refusedFor('too-large'));
});

test('signed fields that make no notification are refused', () => {
  expect(read(signedBody({ ...paidFields, trade_status: 'PAID' }))).toEqual(refusedFor('fields'));
  const { notify_id: _, ...rest } = paidFields;
  expect(read(signedBody(rest))).toEqual(refusedFor('fields'));
});

test('whatever bytes arrive, reading them never throws and never believes them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      expect(read(Buffer.from(bytes)).outcome).toBe('rejected');
    }),
  );
});

test('a body changed in any place is refused, unless it still says the very same', () => {
  const original = Buffer.from(signedBody(paidFields).toString());
  const meaning = (body: Buffer): string =>
    JSON.stringify([...new URLSearchParams(body.toString('utf8'))].sort(([a], [b]) => (a < b ? -1 : 1)));
  const meant = meaning(original);
  const change = fc.record({
    at: fc.nat(original.length - 1),
    cut: fc.nat(3),
    put: fc.oneof(
      fc.uint8Array({ maxLength: 3 }),
      fc.constantFrom('&', '=', '%', '+', '0', '&a=b').map(Buffer.from),
    ),
  });
  fc.assert(
    fc.property(change, ({ at, cut, put }) => {
      const changed = Buffer.concat([original.subarray(0, at), put, original.subarray(at + cut)]);
      if (read(changed).outcome === 'accepted') expect(meaning(changed)).toBe(meant);
    }),
    { numRuns: 500 },
  );
});

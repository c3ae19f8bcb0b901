import fc from 'fast-check';
import { readStripeNotification } from '../../../shared/payments/stripe/notification.ts';
import { eventOf, intent, now, payment, secret, signatureOf } from './stripe-fixture.ts';

const read = (body: string | Buffer, signature: string | undefined = signatureOf(body)) =>
  readStripeNotification(
    { headers: { 'stripe-signature': signature }, body: Buffer.from(body), receivedAt: now },
    secret.webhookSecrets,
  );
const refusedFor = (reason: string) => ({ outcome: 'rejected', reason });
const says = (object: object, type?: string) => {
  const reading = read(eventOf(object, type));
  return reading.outcome === 'accepted' ? reading.notification.says : reading;
};

test('an event that Stripe signed tells which payment was paid, and how much', () => {
  expect(read(eventOf(intent))).toEqual({
    outcome: 'accepted',
    notification: {
      notificationId: 'evt_1',
      paymentNumber: payment.paymentId,
      says: { kind: 'captured', providerTrade: 'pi_3Abc', paid: { amount: 55_300, currency: 'EUR' } },
    },
  });
});

test('says when the money came: Stripe made the event then', () => {
  const event = JSON.stringify({ ...(JSON.parse(eventOf(intent)) as object), created: 1_796_083_200 });
  expect(read(event)).toMatchObject({ notification: { says: { paidAt: '2026-12-01T00:00:00.000Z' } } });
});

test('the state of the object counts, and not what the event is called', () => {
  expect(says({ ...intent, status: 'succeeded' }, 'payment_intent.created')).toMatchObject({
    kind: 'captured',
  });
  expect(says({ ...intent, status: 'requires_payment_method' })).toEqual({ kind: 'other' });
  expect(says({ ...intent, status: 'processing' }, 'payment_intent.processing')).toEqual({ kind: 'other' });
  expect(says({ ...intent, status: 'canceled' }, 'payment_intent.canceled')).toEqual({ kind: 'closed' });
});

test('a refund is never a payment', () => {
  const object = {
    id: 're_1',
    object: 'refund',
    amount: 300,
    status: 'succeeded',
    metadata: intent.metadata,
  };
  for (const type of ['refund.created', 'refund.updated', 'charge.refunded', 'charge.refund.updated'])
    expect(says(type === 'charge.refunded' ? { ...intent, object: 'charge' } : object, type)).toEqual({
      kind: 'refunded',
    });
});

test('what belongs to another application of the account needs nothing', () => {
  expect(says({ ...intent, metadata: {} })).toEqual({ kind: 'other' });
  expect(says({ id: 'cus_1', object: 'customer' }, 'customer.created')).toEqual({ kind: 'other' });
  expect(says({ ...intent }, 'charge.succeeded')).toEqual({ kind: 'other' });
});

test.each([
  ['fields', { amount_received: 553.5 }],
  ['fields', { amount_received: '55300' }],
  ['fields', { amount_received: -1 }],
  ['fields', { status: 'paid' }],
  ['fields', { currency: '' }],
])('a signed object is refused for %s: %j', (reason, change) => {
  expect(says({ ...intent, ...change })).toEqual(refusedFor(reason));
});

test.each([
  [299, 'accepted'],
  [300, 'rejected'],
  [-299, 'accepted'],
  [-300, 'rejected'],
])('signed %d seconds ago it is %s', (late, outcome) => {
  const body = eventOf(intent);
  expect(read(body, signatureOf(body, { late })).outcome).toBe(outcome);
});

test('while one signing secret replaces another, either is enough, and any of several signatures', () => {
  const body = eventOf(intent);
  expect(read(body, signatureOf(body, { key: 'whsec_2' })).outcome).toBe('accepted');
  expect(read(body, signatureOf(body, { key: 'whsec_3' }))).toEqual(refusedFor('signature'));
  const [time, wrong] = signatureOf(body, { key: 'whsec_3' }).split(',');
  const [, right] = signatureOf(body).split(',');
  expect(read(body, `${time},${wrong},${right}`).outcome).toBe('accepted');
  expect(read(body, `${time},v0=${right?.slice(3)}`)).toEqual(refusedFor('header'));
});

test.each([
  '',
  't=,v1=',
  'v1=00',
  't=abc,v1=00',
  't=1,t=2,v1=00',
  `t=1796086800,${Array.from({ length: 9 }, () => 'v1=00').join(',')}`,
])('the header %j is refused', (header) => {
  expect(read(eventOf(intent), header)).toEqual(refusedFor('header'));
});

test('without the header it is refused', () => {
  const request = { headers: {}, body: Buffer.from(eventOf(intent)), receivedAt: now };
  expect(readStripeNotification(request, secret.webhookSecrets)).toEqual(refusedFor('header'));
});

test('a signature in capital letters, cut or of another length is refused', () => {
  const body = eventOf(intent);
  const [time, v1 = ''] = signatureOf(body).split(',');
  for (const changed of [v1.toUpperCase().replace('V1', 'v1'), v1.slice(0, -1), `${v1}0`, 'v1=zz'])
    expect(read(body, `${time},${changed}`)).toEqual(refusedFor('signature'));
});

test.each(['', '[]', 'null', '{', '{"id":"1"}'])('the signed body %j is refused', (body) => {
  expect(read(body)).toEqual(refusedFor('malformed'));
});

test('bytes that are not UTF-8 and bodies without end are refused', () => {
  expect(read(Buffer.from([0x7b, 0xff, 0x7d]))).toEqual(refusedFor('malformed'));
  expect(read('x'.repeat(300_000))).toEqual(refusedFor('too-large'));
});

test('whatever bytes and headers arrive, reading them never throws and never believes them', () => {
  const header = fc.oneof(
    fc.string(),
    fc.tuple(fc.nat(), fc.string()).map(([time, hex]) => `t=${time},v1=${hex}`),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), header, (bytes, given) => {
      expect(read(Buffer.from(bytes), given).outcome).toBe('rejected');
    }),
  );
});

test('a body changed in any place is refused', () => {
  const original = Buffer.from(eventOf(intent));
  const signature = signatureOf(original);
  const change = fc.record({
    at: fc.nat(original.length - 1),
    cut: fc.nat(3),
    put: fc.uint8Array({ maxLength: 3 }),
  });
  fc.assert(
    fc.property(change, ({ at, cut, put }) => {
      const changed = Buffer.concat([original.subarray(0, at), put, original.subarray(at + cut)]);
      if (!changed.equals(original)) expect(read(changed, signature)).toEqual(refusedFor('signature'));
    }),
    { numRuns: 300 },
  );
});

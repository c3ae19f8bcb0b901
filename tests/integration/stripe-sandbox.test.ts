import Stripe from 'stripe';
import { readStripeNotification } from '../../shared/payments/stripe/notification.ts';
import { eventOf, intent, now, signatureOf } from '../unit/payments/stripe-fixture.ts';
import { refundOf, shortly, type Received } from './sandbox-shop.ts';
import { openStripeShop } from './stripe-sandbox-fixture.ts';

let shop: Awaited<ReturnType<typeof openStripeShop>>;
beforeEach(async () => {
  shop = await openStripeShop();
});
afterEach(() => shop.close());

const begun = async () => (await shop.begin()).payment;
const saysOf = ({ reading }: Received) =>
  reading.outcome === 'accepted' ? reading.notification.says : reading.reason;
const captured = { kind: 'captured', paid: { amount: 55_300, currency: 'EUR' } };

/** Stripe's own client, at the sandbox. */
const sdk = (change: object = {}) => {
  const { hostname, port } = new URL(shop.sandbox().url);
  const { secretKey } = shop.sandbox().secrets.stripe;
  return new Stripe(secretKey, { host: hostname, port, protocol: 'http', maxNetworkRetries: 0, ...change });
};

test('a buyer pays with the client secret, and the shop hears of it once', async () => {
  const { payment, action } = await shop.begin();
  expect(action).toEqual({
    kind: 'client-secret',
    value: expect.stringMatching(/^pi_\w+_secret_\w+$/),
    publishableKey: shop.sandbox().secrets.stripe.publishableKey,
  });
  const page = await shop.scan(action.kind === 'client-secret' ? action.value : '');
  expect(await page.text()).toContain('€553.00');
  await shop.press(payment, 'pay');
  expect((await shop.notices(1)).map(saysOf)).toMatchObject([captured]);
  await shortly(300);
  expect(shop.notified.received).toHaveLength(1);
});

test('the same payment begun again is the same PaymentIntent', async () => {
  const { payment, action } = await shop.begin();
  const wish = {
    subject: 'x',
    device: { userAgent: '' },
    returnUrl: undefined,
    notifyUrl: 'http://127.0.0.1:9/',
  };
  expect(await shop.provider().begin(payment, wish)).toEqual(action);
  expect((await shop.books()).trades).toHaveLength(1);
});

test('a payment whose secret we never got is found by our number', async () => {
  const payment = await begun();
  const lost = { ...payment, state: 'created' } as typeof payment;
  expect(await shop.provider().query(lost)).toEqual({ state: 'pending' });
  expect(await shop.provider().close(lost)).toEqual({ state: 'closed' });
  expect(await shop.provider().query(lost)).toEqual({ state: 'closed' });
});

describe('a trouble', () => {
  test('the deadline alone ends nothing: money is taken until it is cancelled', async () => {
    const payment = await begun();
    shop.pass(2000);
    expect(await shop.provider().query(payment)).toEqual({ state: 'pending' });
    expect(await shop.provider().close(payment)).toEqual({ state: 'closed' });
    expect((await shop.press(payment, 'pay')).status).toBe(409);
    expect((await shop.notices(1)).map(saysOf)).toEqual([{ kind: 'closed' }]);
  });

  test('money comes although it was called closed', async () => {
    const payment = await begun();
    await shop.provider().close(payment);
    await shop.press(payment, 'pay-late');
    expect(await shop.provider().query(payment)).toMatchObject({ state: 'captured' });
  });

  test('twice, out of order, silent, forged, another amount', async () => {
    await shop.press(await begun(), 'pay-notify-twice');
    const ids = (await shop.notices(2)).map(({ body }) => (JSON.parse(body) as { id: string }).id);
    expect(ids[0]).toBe(ids[1]);
    await shop.press(await begun(), 'pay-notify-out-of-order');
    expect((await shop.notices(4)).slice(2).map(saysOf)).toMatchObject([captured, { kind: 'other' }]);
    const silent = await begun();
    await shop.press(silent, 'pay-silently');
    expect(await shop.provider().query(silent)).toMatchObject({ state: 'captured' });
    const forged = await begun();
    await shop.press(forged, 'forge');
    expect((await shop.notices(5)).map(saysOf)[4]).toBe('signature');
    await shop.press(forged, 'change-amount');
    expect((await shop.notices(6)).map(saysOf)[5]).toMatchObject({ paid: { amount: 1 } });
    expect(await shop.provider().query(forged)).toEqual({ state: 'pending' });
  });
});

test('parts of a payment go back once for each number, and never more than the whole', async () => {
  const payment = await begun();
  await shop.press(payment, 'pay');
  const provider = shop.provider();
  const part = refundOf(payment, 300, 'item-1');
  expect(await provider.refund(payment, part)).toEqual({ state: 'succeeded' });
  expect(await provider.refund(payment, part)).toEqual({ state: 'succeeded' });
  expect(await provider.queryRefund(payment, refundOf(payment))).toEqual({ state: 'not-exist' });
  expect(await provider.refund(payment, refundOf(payment))).toMatchObject({ state: 'failed' });
  expect(await shop.backOf(payment)).toBe(300);
  const told = (await shop.notices(3)).map(saysOf).slice(1);
  expect(told).toEqual([{ kind: 'refunded', refundNumber: part.refundNumber }, { kind: 'refunded' }]);
});

describe('Stripe’s own client', () => {
  test('creates, asks, cancels, refunds and searches at the sandbox', async () => {
    const client = sdk();
    const made = await client.paymentIntents.create(
      { amount: 100, currency: 'eur', metadata: { payment: 'sdk-1' } },
      { idempotencyKey: 'sdk-1' },
    );
    const again = await client.paymentIntents.create(
      { amount: 100, currency: 'eur', metadata: { payment: 'sdk-1' } },
      { idempotencyKey: 'sdk-1' },
    );
    expect(again.id).toBe(made.id);
    await expect(
      client.paymentIntents.create({ amount: 101, currency: 'eur' }, { idempotencyKey: 'sdk-1' }),
    ).rejects.toMatchObject({ type: 'StripeIdempotencyError' });
    await fetch(`${shop.sandbox().url}/stripe/cashier/sdk-1/pay`, { method: 'POST', redirect: 'manual' });
    expect(await client.paymentIntents.retrieve(made.id)).toMatchObject({
      status: 'succeeded',
      amount_received: 100,
    });
    await expect(client.paymentIntents.cancel(made.id)).rejects.toMatchObject({
      code: 'payment_intent_unexpected_state',
    });
    const refund = await client.refunds.create({
      payment_intent: made.id,
      amount: 40,
      metadata: { refund: 'r' },
    });
    expect(refund).toMatchObject({ status: 'succeeded', amount: 40 });
    expect((await client.refunds.list({ payment_intent: made.id })).data).toMatchObject([
      { metadata: { refund: 'r' } },
    ]);
    const found = await client.paymentIntents.search({ query: "metadata['payment']:'sdk-1'" });
    expect(found.data.map(({ id }) => id)).toEqual([made.id]);
  });

  test('is refused with another key', async () => {
    const { hostname, port } = new URL(shop.sandbox().url);
    const stranger = new Stripe('sk_test_other', {
      host: hostname,
      port,
      protocol: 'http',
      maxNetworkRetries: 0,
    });
    await expect(stranger.paymentIntents.retrieve('pi_1')).rejects.toMatchObject({
      type: 'StripeAuthenticationError',
    });
  });

  test('believes what we believe, and signs what we believe', async () => {
    const body = eventOf(intent);
    const at = Math.floor(Date.parse(now) / 1000);
    const theirs = (header: string) => () =>
      sdk().webhooks.constructEvent(body, header, 'whsec_1', 300, undefined, at * 1000);
    expect(theirs(signatureOf(body))).not.toThrow();
    expect(theirs(signatureOf(body, { key: 'whsec_3' }))).toThrow();
    const header = sdk().webhooks.generateTestHeaderString({
      payload: body,
      secret: 'whsec_1',
      timestamp: at,
    });
    const request = { headers: { 'stripe-signature': header }, body: Buffer.from(body), receivedAt: now };
    expect(readStripeNotification(request, ['whsec_1']).outcome).toBe('accepted');
  });
});

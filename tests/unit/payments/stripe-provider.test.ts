import { watchMetrics } from '../../support/alarms/watch-metrics.ts';
import { stripeEntry } from '../../../shared/payments/stripe/entry.ts';
import { stripeProvider } from '../../../shared/payments/stripe/provider.ts';
import { intent, now, payment, refund, secret } from './stripe-fixture.ts';

type Sent = { method: string; path: string; form: Record<string, string>; key: string | undefined };
type Given = { status?: number; body: unknown } | Error;

/** Stripe, giving the answers in turn. */
const answered = (...answers: Given[]) => {
  const sent: Sent[] = [];
  const send = (async (url: string, { method = '', headers, body }: RequestInit) => {
    const address = new URL(url);
    const form = method === 'GET' ? address.searchParams : new URLSearchParams(String(body));
    const { authorization, 'idempotency-key': key } = headers as Record<string, string>;
    expect(authorization).toBe(`Bearer ${secret.secretKey}`);
    sent.push({ method, path: address.pathname, form: Object.fromEntries(form), key });
    const answer = answers.shift() ?? new Error('no more answers');
    if (answer instanceof Error) throw answer;
    return new Response(JSON.stringify(answer.body), { status: answer.status ?? 200 });
  }) as unknown as typeof fetch;
  return { sent, provider: stripeProvider({ secret, clock: () => now, fetch: send }) };
};
const error = (status: number, code: string | undefined, type = 'invalid_request_error') => ({
  status,
  body: { error: { type, ...(code && { code }), message: 'no' } },
});
const named = (name: string) => expect.objectContaining({ name });
const wish = {
  subject: 'G1',
  device: { userAgent: '' },
  returnUrl: undefined,
  notifyUrl: 'https://api.example',
};
const open = { ...intent, status: 'requires_payment_method', amount_received: 0 };

describe('beginning a payment', () => {
  test('makes one PaymentIntent for our number', async () => {
    const { provider, sent } = answered({ body: open });
    expect(await provider.begin(payment, wish)).toEqual({
      kind: 'client-secret',
      value: intent.client_secret,
      publishableKey: secret.publishableKey,
    });
    expect(sent).toEqual([
      {
        method: 'POST',
        path: '/v1/payment_intents',
        key: payment.paymentId,
        form: {
          amount: '55300',
          currency: 'eur',
          'automatic_payment_methods[enabled]': 'true',
          description: payment.paymentId,
          'metadata[payment]': payment.paymentId,
          'metadata[payBy]': payment.expiresAt,
        },
      },
    ]);
  });

  test('takes its currencies and its method alone', async () => {
    const { provider, sent } = answered();
    const odd = { ...payment, amount: { amount: 1, currency: 'ISK' } };
    await expect(provider.begin(odd, wish)).rejects.toThrow('ISK');
    await expect(provider.begin({ ...payment, method: 'page' }, wish)).rejects.toThrow('page');
    expect(sent).toEqual([]);
  });

  test('that is refused is told as a refusal of the settings', async () => {
    const { provider } = answered(error(400, 'amount_too_small'));
    await expect(provider.begin(payment, wish)).rejects.toEqual(named('ProviderRefusal'));
  });
});

describe('asking how a payment stands', () => {
  const captured = { state: 'captured', providerTrade: 'pi_3Abc', paid: { amount: 55_300, currency: 'EUR' } };
  test.each([
    ['succeeded', captured],
    ['canceled', { state: 'closed' }],
    ['requires_payment_method', { state: 'pending' }],
    ['requires_action', { state: 'pending' }],
    ['processing', { state: 'pending' }],
  ])('%s', async (status, state) => {
    const { provider, sent } = answered({ body: { ...intent, status } });
    expect(await provider.query(payment)).toEqual(state);
    expect(sent[0]?.path).toBe('/v1/payment_intents/pi_3Abc');
  });

  test('says when it was paid: the time of the balance transaction, which the bill lists', async () => {
    const charge = { balance_transaction: { created: 1_796_083_200 } };
    const { provider, sent } = answered({ body: { ...intent, latest_charge: charge } });
    expect(await provider.query(payment)).toEqual({ ...captured, paidAt: '2026-12-01T00:00:00.000Z' });
    expect(sent).toMatchObject([
      { path: '/v1/payment_intents/pi_3Abc', form: { 'expand[]': 'latest_charge.balance_transaction' } },
    ]);
  });

  test.each([
    ['it has no charge', null],
    ['the money is still on its way', { balance_transaction: null }],
    ['its charge is not expanded', 'ch_3Abc'],
    ['its charge is none that we know', { balance_transaction: 'txn_1' }],
  ])('is captured without a time if %s', async (_, charge) => {
    const { provider } = answered({ body: { ...intent, latest_charge: charge } });
    expect(await provider.query(payment)).toEqual(captured);
  });

  test('by a key that may not read charges is captured without a time, by a second request', async () => {
    const { provider, sent } = answered(error(403, 'permission'), { body: intent });
    expect(await provider.query(payment)).toEqual(captured);
    expect(sent.map(({ form }) => form)).toEqual([{ 'expand[]': 'latest_charge.balance_transaction' }, {}]);
    const without = answered(error(403, 'permission'), error(403, 'permission'));
    await expect(without.provider.query(payment)).rejects.toEqual(named('ProviderRefusal'));
  });

  test('by our number if the client never got the secret', async () => {
    const { provider, sent } = answered({ body: { data: [intent] } }, { body: { data: [] } });
    const begun = { ...payment, state: 'created' } as typeof payment;
    const { action: _, ...withoutAction } = begun as typeof payment & { action: unknown };
    expect(await provider.query(withoutAction as typeof payment)).toEqual(captured);
    expect(sent[0]).toMatchObject({
      path: '/v1/payment_intents/search',
      form: { query: `metadata['payment']:'${payment.paymentId}'` },
    });
    expect(await provider.query(withoutAction as typeof payment)).toEqual({ state: 'not-exist' });
  });

  test('of which Stripe knows nothing', async () => {
    expect(await answered(error(404, 'resource_missing')).provider.query(payment)).toEqual({
      state: 'not-exist',
    });
  });

  test.each([
    ['about another payment', { body: { ...intent, metadata: { payment: 'other' } } }],
    ['without its content', { body: { id: 'pi_3Abc' } }],
    ['too often', error(429, 'rate_limit')],
    ['a fault there', error(500, undefined, 'api_error')],
    ['under way', error(409, 'lock_timeout')],
    ['a refusal that we do not know', error(400, 'something_new')],
    ['nothing at all', new Error('socket hang up')],
  ])('an answer that is %s tells nothing', async (_, answer) => {
    await expect(answered(answer).provider.query(payment)).rejects.toEqual(named('TransientFailure'));
  });

  test('with a wrong key is a refusal', async () => {
    const wrong = error(401, undefined);
    await expect(answered(wrong).provider.query(payment)).rejects.toEqual(named('ProviderRefusal'));
  });
});

describe('closing', () => {
  test('cancels what is open, and leaves what is paid', async () => {
    const { provider, sent } = answered({ body: open }, { body: { ...open, status: 'canceled' } });
    expect(await provider.close(payment)).toEqual({ state: 'closed' });
    expect(sent[1]?.path).toBe('/v1/payment_intents/pi_3Abc/cancel');
    const paid = answered({ body: intent });
    expect(await paid.provider.close(payment)).toMatchObject({ state: 'captured' });
    expect(paid.sent).toHaveLength(1);
  });

  test('of what is paid at that moment says captured', async () => {
    const late = answered({ body: open }, error(400, 'payment_intent_unexpected_state'), { body: intent });
    expect(await late.provider.close(payment)).toMatchObject({ state: 'captured' });
    // Somebody waits for it: no more than it needs.
    expect(late.sent).toHaveLength(3);
  });
});

describe('a refund', () => {
  const none = { body: { data: [], has_more: false } };
  const made = (status: string, amount = 300) => ({
    id: 're_1',
    status,
    amount,
    metadata: { payment: payment.paymentId, refund: refund.refundNumber },
  });
  const listed = (status: string, amount?: number) => ({
    body: { data: [made(status, amount)], has_more: false },
  });

  test('is sent once with its number', async () => {
    const { provider, sent } = answered({ body: intent }, none, { body: made('succeeded') });
    expect(await provider.refund(payment, refund)).toEqual({ state: 'succeeded' });
    expect(sent[2]).toMatchObject({
      key: refund.refundNumber,
      form: { payment_intent: 'pi_3Abc', amount: '300', 'metadata[refund]': refund.refundNumber },
    });
  });

  test.each([
    [listed('succeeded'), { state: 'succeeded' }],
    [listed('pending'), { state: 'processing' }],
    [listed('failed'), { state: 'failed', why: 'failed' }],
    [listed('canceled'), { state: 'failed', why: 'canceled' }],
    [listed('succeeded', 299), { state: 'failed', why: 'amount-differs' }],
    [none, { state: 'not-exist' }],
  ])('that is there is not sent again: %j', async (list, state) => {
    const { provider, sent } = answered({ body: intent }, list);
    expect(await provider.queryRefund(payment, refund)).toEqual(state);
    if (list === none) return;
    const again = answered({ body: intent }, list);
    expect(await again.provider.refund(payment, refund)).toEqual(state);
    expect([...sent, ...again.sent].every(({ method }) => method === 'GET')).toBe(true);
  });

  test.each([
    ['balance_insufficient', 'declined'],
    ['charge_already_refunded', 'failed'],
  ])('refused for %s is %s', async (code, state) => {
    const { provider } = answered({ body: intent }, none, error(400, code));
    expect(await provider.refund(payment, refund)).toEqual({ state, why: code });
  });

  test.each(['rate_limit', 'lock_timeout'])('that meets others (%s) is declined for now', async (code) => {
    const metrics = watchMetrics();
    const { provider } = answered({ body: intent }, none, error(429, code));
    expect(await provider.refund(payment, refund)).toEqual({
      state: 'declined',
      why: 'rate_limit',
      tooOften: true,
    });
    expect(metrics.valuesOf('ProviderSilence')).toEqual([0, 0, 0]);
    jest.restoreAllMocks();
    // The same request may be under way: that is not known.
    const same = answered({ body: intent }, none, error(409, 'idempotency_key_in_use'));
    await expect(same.provider.refund(payment, refund)).rejects.toEqual(named('TransientFailure'));
  });

  test('among more than can be listed tells nothing', async () => {
    const { provider } = answered({ body: intent }, { body: { data: [], has_more: true } });
    await expect(provider.refund(payment, refund)).rejects.toEqual(named('TransientFailure'));
  });
});

test('a whole set of keys switches it on, anything else does not', () => {
  const { gateway: _, ...keys } = secret;
  const opened = (given: unknown) => stripeEntry.open(given, { clock: () => now })?.name;
  expect(opened(keys)).toBe('stripe');
  for (const given of [{}, undefined, { ...keys, webhookSecrets: [] }, { ...keys, secretKey: '' }])
    expect(opened(given)).toBeUndefined();
});

import { stripeProvider } from '../../../shared/payments/stripe/provider.ts';
import { serviceDateSchema } from '../../../shared/platform/ids.ts';
import { instantOf } from '../../../shared/platform/time.ts';
import { payment, secret } from './stripe-fixture.ts';

const date = serviceDateSchema.parse('2026-12-01');
const noon = Date.parse('2026-12-01T12:00:00Z') / 1000;
const number = payment.paymentId;

const charge = {
  id: 'ch_1',
  object: 'charge',
  amount: 55_300,
  currency: 'eur',
  status: 'succeeded',
  payment_intent: 'pi_1',
  metadata: { payment: number },
};
const movement = {
  id: 'txn_1',
  object: 'balance_transaction',
  type: 'charge',
  amount: 55_300,
  fee: 1634,
  currency: 'eur',
  created: noon,
  exchange_rate: null,
  source: charge as unknown,
};
const row = {
  kind: 'payment',
  type: 'charge',
  paymentNumber: number,
  providerNumber: 'pi_1',
  at: '2026-12-01T12:00:00.000Z',
  amount: { amount: 55_300, currency: 'EUR' },
  cost: 1634,
  row: 1,
};

type Page = { status?: number; body: unknown };

/** Stripe’s list, in pages. */
const listed = async (...pages: Page[]) => {
  const asked: Record<string, string>[] = [];
  const send = (async (url: string) => {
    asked.push(Object.fromEntries(new URL(url).searchParams));
    const { status = 200, body } = pages.shift() ?? { body: {} };
    return new Response(JSON.stringify(body), { status });
  }) as unknown as typeof fetch;
  const clock = () => instantOf(Date.parse('2026-12-02T01:00:00Z'));
  const read = await stripeProvider({ secret, clock, fetch: send }).bills.read(date);
  if (read.outcome === 'rejected') throw new Error(read.reason);
  return { asked, rows: Array.fromAsync(read.rows) };
};
const page = (data: unknown[], has_more = false): Page => ({ body: { object: 'list', data, has_more } });
const rowsOf = async (...movements: object[]) => (await listed(page(movements))).rows;

test('is asked for by the seconds of the day in UTC, a hundred at a time, from where the last page ended', async () => {
  const { asked, rows } = await listed(
    page([movement, { ...movement, id: 'txn_2' }], true),
    page([{ ...movement, id: 'txn_3' }]),
  );
  expect((await rows).map(({ row }) => row)).toEqual([1, 2, 3]);
  const common = {
    'created[gte]': '1796083200',
    'created[lt]': '1796169600',
    limit: '100',
    'expand[]': 'data.source',
  };
  expect(asked).toEqual([common, { ...common, starting_after: 'txn_2' }]);
});

test('a payment by a local method is a payment, and a refund of it a refund', async () => {
  const refund = {
    id: 're_1',
    object: 'refund',
    amount: 300,
    currency: 'eur',
    status: 'succeeded',
    metadata: { payment: number, refund: 'r-1' },
  };
  const back = { ...movement, id: 'txn_2', type: 'payment_refund', amount: -300, fee: 0, source: refund };
  expect(await rowsOf({ ...movement, type: 'payment' }, back)).toEqual([
    { ...row, type: 'payment' },
    {
      ...row,
      kind: 'refund',
      type: 'payment_refund',
      refundNumber: 'r-1',
      providerNumber: 're_1',
      amount: { amount: 300, currency: 'EUR' },
      cost: 0,
      row: 2,
    },
  ]);
  const [pending] = await rowsOf({ ...back, source: { ...refund, status: 'pending' } });
  expect(pending).toMatchObject({ state: 'pending' });
});

test.each([
  'payout',
  'adjustment',
  'stripe_fee',
  'refund_failure',
  'payment_failure_refund',
  'something_new',
])('a movement of type %s is neither, and keeps its sign', async (type) => {
  expect(await rowsOf({ ...movement, type, amount: -100, fee: 0, source: 'po_1' })).toEqual([
    {
      kind: 'other',
      type,
      providerNumber: 'txn_1',
      at: row.at,
      amount: { amount: -100, currency: 'EUR' },
      cost: 0,
      row: 1,
    },
  ]);
});

test.each([
  ['without metadata', { ...charge, metadata: {} }],
  ['with a number of its own', { ...charge, metadata: { payment: 'invoice 7' } }],
  ['with metadata of another shape', { ...charge, metadata: 'none' }],
])('a payment %s is none of ours', async (_, source) => {
  const { paymentNumber: _ours, ...foreign } = row;
  expect(await rowsOf({ ...movement, source })).toEqual([foreign]);
});

test('a payment whose source is not there has the number of the movement', async () => {
  const [found] = await rowsOf({ ...movement, source: 'ch_1' });
  expect(found).toMatchObject({ kind: 'payment', providerNumber: 'txn_1' });
});

test('a payment in a currency that the account does not hold is told in its own', async () => {
  const exchanged = { ...movement, currency: 'usd', amount: 60_830, fee: 1797, exchange_rate: 1.1 };
  expect(await rowsOf(exchanged)).toEqual([{ ...row, cost: 1634 }]);
  const back = { ...exchanged, type: 'refund', amount: -60_830, fee: 0 };
  expect(await rowsOf(back)).toMatchObject([{ kind: 'refund', amount: { amount: 55_300, currency: 'EUR' } }]);
});

// A dollar is a hundred cents, and a yen has none: the rate between them is told in one way or the other.
test.each([0.0064, 0.64])('its costs are right whatever its minor unit, at the rate %d', async (rate) => {
  const yen = { ...charge, currency: 'jpy', amount: 10_000 };
  const exchanged = {
    ...movement,
    currency: 'usd',
    amount: 6_400,
    fee: 216,
    exchange_rate: rate,
    source: yen,
  };
  expect(await rowsOf(exchanged)).toMatchObject([{ amount: { amount: 10_000, currency: 'JPY' }, cost: 338 }]);
});

test.each<[string, object, string]>([
  ['an amount as text', { amount: '553.00' }, 'amount is not what the documentation says'],
  ['an amount as a float', { amount: 553.5 }, 'amount is not what the documentation says'],
  ['no fee', { fee: undefined }, 'fee is not what the documentation says'],
  ['another currency', { currency: 'Euro' }, 'currency is not what the documentation says'],
  ['a time that is none', { created: 1e15 }, 'created is not what the documentation says'],
  ['a time of another day', { created: noon + 86_400 }, 'it is of another day'],
  ['a negative payment', { amount: -1 }, 'its amount has the wrong sign'],
  ['a positive refund', { type: 'refund' }, 'its amount has the wrong sign'],
])('%s is told by the place of the movement', async (_, change, why) => {
  await expect(rowsOf(movement, { ...movement, id: 'txn_2', ...change })).rejects.toMatchObject({
    name: 'UnreadableBill',
    message: `the bill of Stripe for 2026-12-01, movement 2: ${why}`,
  });
});

test('pages that lead nowhere end', async () => {
  await expect((await listed(page([], true))).rows).rejects.toThrow('a page is empty, and there is more');
  await expect((await listed(page([movement], true), page([movement]))).rows).rejects.toThrow(
    'movement 2: the page begins where the last ended',
  );
});

test.each([
  [
    { status: 403, body: { error: { type: 'invalid_request_error', code: 'permission' } } },
    'ProviderRefusal',
  ],
  [{ status: 429, body: { error: { type: 'rate_limit' } } }, 'TransientFailure'],
  [{ status: 400, body: { error: { type: 'invalid_request_error' } } }, 'TransientFailure'],
  [{ body: { data: 'none' } }, 'TransientFailure'],
])('an answer %j throws a %s', async (answer, name) => {
  await expect((await listed(answer)).rows).rejects.toMatchObject({ name });
});

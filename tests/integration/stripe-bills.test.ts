import Stripe from 'stripe';
import { readBill, seen } from './read-bill.ts';
import { refundOf } from './sandbox-shop.ts';
import { openStripeShop } from './stripe-sandbox-fixture.ts';

let shop: Awaited<ReturnType<typeof openStripeShop>>;
beforeEach(async () => {
  shop = await openStripeShop();
});
afterEach(() => shop.close());

const hours = (count: number): number => count * 3600;
const bill = (date: string) => readBill(shop.provider(), date);
const paid = async () => {
  const { payment } = await shop.begin();
  await shop.press(payment, 'pay');
  return payment;
};

test('a day in UTC has its payments and refunds, newest first, and one at the last second is in one bill only', async () => {
  const first = await paid();
  shop.pass(hours(23) - 1);
  const last = await paid();
  await shop.provider().refund(first, refundOf(first, 300, 'item-1'));
  shop.pass(1);
  const next = await paid();
  expect(await bill('2026-12-02')).toBe('not-ready');
  shop.pass(hours(25));
  const rows = (await bill('2026-12-01')) as never[];
  expect(rows.map(seen).toSorted((a, b) => a.kind.localeCompare(b.kind) || a.at.localeCompare(b.at))).toEqual(
    [
      {
        kind: 'payment',
        number: first.paymentId,
        at: '2026-12-01T01:00:00.000Z',
        amount: 55_300,
        cost: 1634,
      },
      { kind: 'payment', number: last.paymentId, at: '2026-12-01T23:59:59.000Z', amount: 55_300, cost: 1634 },
      {
        kind: 'refund',
        number: `${first.paymentId}-item-1`,
        at: '2026-12-01T23:59:59.000Z',
        amount: 300,
        cost: 0,
      },
    ],
  );
  expect(((await bill('2026-12-02')) as never[]).map(seen)).toMatchObject([{ number: next.paymentId }]);
  expect(await bill('2026-11-30')).toEqual([]);
  const queried = await shop.provider().query(last);
  expect(queried).toMatchObject({ paidAt: '2026-12-01T23:59:59.000Z' });
  expect(rows).toContainEqual(
    expect.objectContaining({ providerNumber: (queried as { providerTrade: string }).providerTrade }),
  );
});

test('of more movements than a page has is read page by page, as Stripe’s own client reads it', async () => {
  const payments = [];
  for (let count = 0; count < 80; count += 1) payments.push(await paid());
  for (const payment of payments.slice(0, 25))
    await shop.provider().refund(payment, refundOf(payment, 300, 'item-1'));
  shop.pass(hours(24));
  const rows = await bill('2026-12-01');
  expect(rows).toHaveLength(105);
  const { hostname, port } = new URL(shop.sandbox().url);
  const { secretKey } = shop.sandbox().secrets.stripe;
  const client = new Stripe(secretKey, { host: hostname, port, protocol: 'http', maxNetworkRetries: 0 });
  const day = { gte: Date.parse('2026-12-01') / 1000, lt: Date.parse('2026-12-02') / 1000 };
  const theirs = [];
  for await (const each of client.balanceTransactions.list({
    created: day,
    limit: 100,
    expand: ['data.source'],
  })) {
    const source = each.source as Stripe.Charge | Stripe.Refund;
    theirs.push({
      kind: each.type === 'charge' ? 'payment' : each.type,
      paymentNumber: source.metadata?.['payment'],
      ...(source.metadata?.['refund'] && { refundNumber: source.metadata['refund'] }),
      providerNumber: source.object === 'charge' ? source.payment_intent : source.id,
      type: each.type,
      at: new Date(each.created * 1000).toISOString(),
      amount: { amount: Math.abs(each.amount), currency: each.currency.toUpperCase() },
      cost: each.fee,
      row: theirs.length + 1,
    });
  }
  expect(rows).toEqual(theirs);
}, 60_000);

test.each([
  ['bill-omits', [55_300]],
  ['bill-twice', [55_300, 55_300, 55_300]],
  ['bill-amount?amount=1', [55_300, 1]],
  ['bill-currency?currency=CHF', [55_300, 55_300]],
  ['bill-stranger', [55_300, 55_300, 55_300]],
  ['bill-state?state=failed', [55_300, 55_300]],
])('that lies by %s is read as it lies', async (action, amounts) => {
  const payment = await paid();
  await paid();
  await shop.press(payment, action);
  shop.pass(hours(24));
  const rows = await bill('2026-12-01');
  if (typeof rows === 'string') throw new Error(rows);
  expect(rows.map(({ amount }) => amount.amount).toSorted()).toEqual(amounts.toSorted());
  const isOurs = rows.map(({ paymentNumber }) => paymentNumber !== undefined);
  expect(isOurs.filter((ours) => !ours)).toHaveLength(action === 'bill-stranger' ? 1 : 0);
  if (action.startsWith('bill-state')) expect(rows.map(({ state }) => state)).toContain('failed');
  if (action.startsWith('bill-currency')) expect(rows.map(({ amount }) => amount.currency)).toContain('CHF');
});

test('that is damaged says which movement, and one that is late is asked for again', async () => {
  const payment = await paid();
  await shop.press(payment, 'bill-damaged');
  shop.pass(hours(24));
  await expect(bill('2026-12-01')).rejects.toMatchObject({
    name: 'UnreadableBill',
    message: 'the bill of Stripe for 2026-12-01, movement 1: amount is not what the documentation says',
  });
  await shop.press(payment, 'bill-late');
  await expect(bill('2026-12-01')).rejects.toMatchObject({ name: 'TransientFailure' });
});

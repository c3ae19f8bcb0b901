import { recordNotification } from '../../shared/paying/record-notification.ts';
import type { Payment, PaymentAction, PaymentIn } from '../../shared/payments/model.ts';
import { markPending, putPayment, readPayment } from '../../shared/payments/store.ts';
import { writeTogether } from '../../shared/platform/dynamo.ts';
import { serviceDateSchema } from '../../shared/platform/ids.ts';
import type { DifferenceClass } from '../../shared/reconciliation/model.ts';
import { reconcileDay } from '../../shared/reconciliation/reconcile-day.ts';
import { testTables, type TestTables } from '../support/dynamo.ts';
import { sampleCarrier } from '../support/sample-carrier.ts';
import { openShop } from './alipay-sandbox-fixture.ts';
import { openStripeShop } from './stripe-sandbox-fixture.ts';
import { openWechatShop } from './wechatpay-sandbox-fixture.ts';

jest.setTimeout(120_000);

let tables: TestTables;
beforeAll(async () => {
  tables = await testTables();
});
afterAll(() => tables.stop());

const hour = 3600;

/** What is a provider's own: the entry of a buyer, its currency, and the words that its bill may have for a state. */
const shops = [
  {
    name: 'alipay' as const,
    open: openShop,
    currency: 'CNY',
    // A trade of Alipay begins when its buyer opens the cashier.
    enter: async (url: string) => void (await fetch(url)),
    lies: ['omits', 'amount', 'twice'] as const,
  },
  {
    name: 'wechatpay' as const,
    open: openWechatShop,
    currency: 'CNY',
    enter: async () => undefined,
    lies: ['omits', 'amount', 'currency', 'state', 'twice'] as const,
  },
  {
    name: 'stripe' as const,
    open: openStripeShop,
    currency: 'EUR',
    enter: async () => undefined,
    lies: ['omits', 'amount', 'currency', 'state', 'twice'] as const,
  },
];

const tellings: Readonly<
  Record<'omits' | 'amount' | 'currency' | 'state' | 'twice', [string, DifferenceClass]>
> = {
  omits: ['bill-omits', 'missing-there'],
  amount: ['bill-amount?amount=1', 'amount'],
  currency: ['bill-currency?currency=JPY', 'currency'],
  state: ['bill-state?state=REVOKED', 'state'],
  twice: ['bill-twice', 'twice'],
};

describe.each(shops)('$name', ({ name, open, currency, enter, lies }) => {
  let shop: Awaited<ReturnType<typeof open>>;
  beforeEach(async () => {
    // The fixture's order is one for all tests, so each test has tables of its own.
    await tables.stop();
    tables = await testTables();
    shop = await open();
  });
  afterEach(() => shop.close());

  const dependencies = () => ({
    bookings: tables.bookings,
    clock: shop.clock,
    carrier: { ...sampleCarrier, currency },
    findProvider: () => shop.provider(),
  });
  const day = { provider: name, date: serviceDateSchema.parse('2026-12-01') };
  const run = (date = day.date) => reconcileDay(dependencies())({ ...day, date }, () => true);
  const report = async (date = day.date) => {
    const result = await run(date);
    if (result.outcome === 'rejected') throw new Error(`${result.reason} ${result.why ?? ''}`);
    return result;
  };

  /** We hear of a payment that its buyer has made. */
  const hear = async (payment: Payment): Promise<void> => {
    const known = await shop.provider().query(payment);
    if (known.state !== 'captured') throw new Error(`the buyer could not pay: ${known.state}`);
    const recorded = await recordNotification(dependencies())(name, {
      notificationId: `n-${payment.paymentId}`,
      paymentNumber: payment.paymentId,
      says: { ...known, kind: 'captured' },
    });
    expect(recorded).toMatchObject({ now: 'recorded' });
  };

  /** The payment is in our tables as one that was handed out, and its buyer pays; we hear of it, or not. */
  const paid = async ({ isTold }: { isTold: boolean }): Promise<Payment> => {
    const { bookings } = tables;
    const begun: { payment: Payment; action?: PaymentAction; url?: string } = await shop.begin();
    const { payment } = begun;
    const created = { ...payment, state: 'created', action: undefined } as unknown as PaymentIn<'created'>;
    await writeTogether(bookings.client, [{ label: 'payment', write: putPayment(bookings, created) }]);
    const action = begun.action ?? { kind: 'redirect', url: begun.url ?? '' };
    await markPending(bookings, created, action);
    await enter(begun.url ?? '');
    await shop.press(payment, 'pay');
    if (isTold) await hear(payment);
    return payment;
  };

  const told = async (date = day.date) =>
    Object.fromEntries(
      (await report(date)).differences.map(({ class: of, number, state }) => [number, [of, state]]),
    );

  test('each lie of the bill is told as what it is, and a lost notification is booked', async () => {
    const honest = await paid({ isTold: true });
    const lost = await paid({ isTold: false });
    const lied = [];
    for (const lie of lies) {
      const payment = await paid({ isTold: true });
      const [button] = tellings[lie];
      expect((await shop.press(payment, button)).status).toBeLessThan(400);
      lied.push([payment.paymentId, [tellings[lie][1], 'open']] as const);
    }
    expect((await shop.press(honest, 'bill-stranger')).status).toBeLessThan(400);
    shop.pass(36 * hour);
    const differences = await told();
    expect(differences).toMatchObject({
      ...Object.fromEntries(lied),
      [lost.paymentId]: ['missing-here', 'repaired'],
    });
    expect(differences[honest.paymentId]).toBeUndefined();
    expect(await readPayment(tables.bookings, lost.paymentId)).toMatchObject({ state: 'captured' });
    const { report: stored, changes } = await report();
    shop.pass(24 * hour);
    expect(changes).toEqual([]);
    expect(Object.values(stored.bill.notOurs)).toMatchObject([{ count: 1 }]);
    // On the next day our journal has what was booked late, and the provider says that it took it a day before.
    expect(await told(serviceDateSchema.parse('2026-12-02'))).toEqual({});
  });

  test('a payment of the last second of the provider’s day is in one bill, and differs in none', async () => {
    const { until } = shop.provider().bills.span(day.date);
    shop.pass((Date.parse(until) - Date.parse(shop.clock())) / 1000 - 1);
    const payment = await paid({ isTold: false });
    shop.pass(2);
    await hear(payment);
    shop.pass(60 * hour);
    const [first, second] = [await report(), await report(serviceDateSchema.parse('2026-12-02'))];
    expect([first.differences, second.differences]).toEqual([[], []]);
    expect([first.report.bill.payments.count, second.report.bill.payments.count]).toEqual([1, 0]);
  });

  test('a bill that is late, damaged or not given is no report, and the next run makes it', async () => {
    const payment = await paid({ isTold: true });
    // Eleven in the morning in Beijing: Alipay may still be late.
    shop.pass(26 * hour);
    await shop.press(payment, 'bill-late');
    // Stripe has a list and no file, which is never late.
    if (name !== 'stripe') expect(await run()).toMatchObject({ reason: 'not-ready' });
    await shop.press(payment, 'bill-honest');
    await shop.press(payment, 'bill-damaged');
    expect(await run()).toMatchObject({
      reason: 'bill-unreadable',
      why: expect.stringContaining('bill') as string,
    });
    await shop.press(payment, 'bill-honest');
    await shop.sandbox().stop();
    expect(await run()).toMatchObject({ reason: 'provider-silent' });
    await shop.reopen();
    expect((await report()).differences).toEqual([]);
  });
});

test('a day across a change of the carrier’s clocks is the provider’s day, and nothing is twice or missing', async () => {
  const shop = await openStripeShop();
  try {
    const { bills } = shop.provider();
    // Clocks go forward in Berlin on this day, which has twenty-three hours there.
    const span = bills.span(serviceDateSchema.parse('2027-03-28'));
    expect(Date.parse(span.until) - Date.parse(span.from)).toBe(24 * hour * 1000);
    const next = bills.span(serviceDateSchema.parse('2027-03-29'));
    expect(next.from).toBe(span.until);
  } finally {
    await shop.close();
  }
});

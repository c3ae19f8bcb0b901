import { paymentActionSchema, type Payment } from '../../shared/payments/model.ts';
import type { BillRow } from '../../shared/payments/bill.ts';
import type { BeginWish } from '../../shared/payments/provider.ts';
import { orderIdSchema, paymentIdOf, type ServiceDate } from '../../shared/platform/ids.ts';
import { money } from '../../shared/platform/money.ts';
import { instantSchema, plusDays, plusSeconds } from '../../shared/platform/time.ts';
import { isTransient } from '../../shared/platform/transient.ts';
import { refundOf } from './sandbox-shop.ts';
import { refundingBanks, sellingBanks, type Bank } from './provider-banks.ts';

/*
 * What shared/payments/provider.ts promises, of the real providers over their sandboxes and of every provider that
 * tests put in their place: a test must not pass because its provider is kinder than the real one.
 */

const orderId = orderIdSchema.parse('01KDA0000000000000000000RD');
const now = instantSchema.parse('2026-12-01T01:00:00.000Z');
const begun: Payment = {
  orderId,
  paymentId: paymentIdOf(orderId, 1),
  provider: 'alipay',
  method: 'page',
  state: 'pending',
  action: { kind: 'redirect', url: 'https://cashier.example/' },
  amount: money(55_300, 'CNY'),
  createdAt: now,
  expiresAt: plusSeconds(now, 900),
};
const capturedAs = { state: 'captured', providerTrade: expect.stringMatching(/./) as string };
const usualWish = {
  subject: 'G1',
  device: { userAgent: '' },
  returnUrl: undefined,
  notifyUrl: 'https://keyun.example/notify',
};
const aboutTheBuyersMoney = ['query', 'close', 'refund', 'queryRefund'] as const;

let bank: Bank;
/** By a method of the provider. */
let payment: Payment;
let wish: BeginWish;
let captured: object;
const open = (make: () => Promise<Bank>) => {
  beforeEach(async () => {
    bank = await make();
    const { at: provider, method, currency = 'CNY' } = bank;
    payment = { ...begun, provider, method, amount: money(55_300, currency) };
    captured = { ...capturedAs, paid: payment.amount };
    wish = { ...usualWish, ...(bank.device && { device: bank.device }) };
  });
  afterEach(() => bank.close());
};
const entered = async (): Promise<void> => {
  const action = await bank.provider().begin(payment, wish);
  await bank.enter(payment, action);
};
const paid = async (): Promise<void> => {
  await entered();
  await bank.pay(payment);
};

describe.each(sellingBanks)('a payment at $name', ({ open: make }) => {
  open(make);

  test('begins with something that the buyer can open, and reach', async () => {
    const action = await bank.provider().begin(payment, wish);
    expect(paymentActionSchema.parse(action)).toEqual(action);
    if (action.kind === 'redirect') expect(action.url).toMatch(/^https?:\/\//);
    await bank.enter(payment, action);
  });

  test('does not exist before its buyer comes, and can be paid though it was closed then; or it exists at once', async () => {
    await bank.provider().begin(payment, wish);
    if (bank.existsAtOnce) {
      expect(await bank.provider().query(payment)).toEqual({ state: 'pending' });
      expect(await bank.provider().close(payment)).toEqual({ state: 'closed' });
      await bank.pay(payment);
      expect(await bank.provider().query(payment)).toEqual({ state: 'closed' });
      return;
    }
    expect(await bank.provider().query(payment)).toEqual({ state: 'not-exist' });
    expect(await bank.provider().close(payment)).toEqual({ state: 'not-exist' });
    await paid();
    expect(await bank.provider().query(payment)).toMatchObject(captured);
  });

  test('is pending until the buyer has paid, then captured with the money', async () => {
    await entered();
    expect(await bank.provider().query(payment)).toEqual({ state: 'pending' });
    await bank.pay(payment);
    expect(await bank.provider().query(payment)).toMatchObject(captured);
  });

  test('that is closed takes no money, and says closed however often it is closed', async () => {
    await entered();
    for (let time = 0; time < 2; time += 1)
      expect(await bank.provider().close(payment)).toEqual({ state: 'closed' });
    await bank.pay(payment);
    expect(await bank.provider().query(payment)).toEqual({ state: 'closed' });
  });

  test('that was paid before it is closed says captured', async () => {
    await paid();
    expect(await bank.provider().close(payment)).toMatchObject(captured);
    expect(await bank.provider().query(payment)).toMatchObject(captured);
  });

  test.each(aboutTheBuyersMoney)(
    'of which %s gets no answer throws, and goes back once when it is asked for again',
    async (call) => {
      await paid();
      await bank.fallSilent();
      const provider = bank.provider();
      const asked = provider[call](payment, refundOf(payment) as never) as Promise<unknown>;
      const why: unknown = await asked.catch((error: unknown) => error);
      expect(isTransient(why)).toBe(true);
      await bank.speakAgain();
      await bank.provider().refund(payment, refundOf(payment));
      expect(await bank.backOf(payment)).toBe(payment.amount.amount);
    },
  );

  test('is told by no notification that is not the provider’s own', async () => {
    const request = { headers: {}, body: Buffer.from('trade_status=TRADE_SUCCESS'), receivedAt: now };
    expect(await bank.provider().readNotification(request)).toEqual({
      outcome: 'rejected',
      reason: expect.stringMatching(/./),
    });
  });
});

describe.each(sellingBanks)('the bill of $name', ({ open: make }) => {
  open(make);
  const read = async (date: ServiceDate): Promise<BillRow[] | string> => {
    const bill = await bank.provider().bills.read(date);
    return bill.outcome === 'accepted' ? Array.fromAsync(bill.rows) : bill.reason;
  };

  test('has what was paid and what went back in its day, and the bill before has none of it', async () => {
    await paid();
    const part = refundOf(payment, 300, 'item-1');
    await bank.provider().refund(payment, part);
    const { bills } = bank.provider();
    const date = bills.dayOf(now);
    expect(await read(date)).toBe('not-ready');
    await bank.waitForBill();
    const queried = await bank.provider().query(payment);
    const { providerTrade } = queried as { providerTrade: string };
    const of = (kind: BillRow['kind'], amount: number) => ({
      kind,
      type: expect.stringMatching(/./) as string,
      paymentNumber: payment.paymentId,
      at: expect.any(String) as string,
      amount: money(amount, payment.amount.currency),
      cost: expect.any(Number) as number,
      row: expect.any(Number) as number,
    });
    const rows = await read(date);
    if (typeof rows === 'string') throw new Error(rows);
    expect(rows.toSorted((a, b) => a.kind.localeCompare(b.kind))).toEqual([
      { ...of('payment', 55_300), providerNumber: providerTrade },
      {
        ...of('refund', 300),
        refundNumber: part.refundNumber,
        providerNumber: expect.stringMatching(/./) as string,
      },
    ]);
    if ('paidAt' in queried) expect(rows.map(({ at }) => at)).toContain(queried.paidAt);
    for (const { at } of rows) expect(bills.dayOf(at)).toBe(date);
    expect(await read(plusDays(date, -1))).toEqual([]);
  });

  test('is of one day: the days lie one after the other, and a bill is ready after its day', () => {
    const { bills } = bank.provider();
    const date = bills.dayOf(now);
    const { from, until } = bills.span(date);
    expect(from <= now && now < until).toBe(true);
    expect([bills.dayOf(from), bills.dayOf(plusSeconds(until, -1)), bills.dayOf(until)]).toEqual([
      date,
      date,
      plusDays(date, 1),
    ]);
    expect(bills.span(plusDays(date, 1)).from).toBe(until);
    expect(bills.readyAt(date) >= until).toBe(true);
  });
});

describe.each(refundingBanks)('a refund at $name', ({ name, open: make }) => {
  open(make);
  const begin = async () => (name.includes('later') ? bank.pay(payment) : paid());

  test('does not exist before it is asked for', async () => {
    await begin();
    expect(await bank.provider().queryRefund(payment, refundOf(payment))).toEqual({ state: 'not-exist' });
  });

  test('goes back once for its number, and is confirmed in the end', async () => {
    await begin();
    const refund = refundOf(payment, 300, 'item-1');
    for (let time = 0; time < 2; time += 1) {
      const { state } = await bank.provider().refund(payment, refund);
      expect(['processing', 'succeeded']).toContain(state);
      await bank.waitToSendAgain?.();
      await bank.waitForRefunds();
    }
    expect(await bank.provider().queryRefund(payment, refund)).toEqual({ state: 'succeeded' });
    expect(await bank.provider().refund(payment, refund)).toEqual({ state: 'succeeded' });
    expect(await bank.backOf(payment)).toBe(300);
  });

  test('of more than is left moves nothing, and the rest still goes back', async () => {
    await begin();
    await bank.provider().refund(payment, refundOf(payment, 300, 'item-1'));
    await bank.waitToSendAgain?.();
    await bank.waitForRefunds();
    expect(await bank.provider().refund(payment, refundOf(payment))).toMatchObject({ state: 'failed' });
    await bank.waitToSendAgain?.();
    await bank.provider().refund(payment, refundOf(payment, 55_000, 'item-2'));
    expect(await bank.backOf(payment)).toBe(55_300);
  });

  test('of what was never paid moves nothing', async () => {
    const { state } = await bank.provider().refund(payment, refundOf(payment));
    expect(['not-exist', 'declined', 'failed']).toContain(state);
    expect(await bank.backOf(payment)).toBe(0);
  });
});

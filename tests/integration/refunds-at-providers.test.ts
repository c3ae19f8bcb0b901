import type { Refund } from '../../shared/payments/model.ts';
import { watchMetrics } from '../support/alarms/watch-metrics.ts';
import { openRefundShop, providersWithSandbox } from './refund-shop.ts';

/* The refund engine before each provider's sandbox, in its own wire protocol. */

let shop: Awaited<ReturnType<typeof openRefundShop>>;
afterEach(() => shop.close());

const secondsBetweenSends = (): number[] =>
  shop.sends.slice(1).map((at, index) => (Date.parse(at) - Date.parse(shop.sends[index] ?? at)) / 1000);

describe.each(providersWithSandbox)('at %s', (at) => {
  beforeEach(async () => {
    shop = await openRefundShop(at);
  });

  test('two parts at once, and then the rest, go back once each, and not a cent more', async () => {
    const payment = await shop.paid();
    const parts = [await shop.request(payment, 300, 'a'), await shop.request(payment, 5_000, 'b')] as const;
    await Promise.all([...parts, ...parts].map(shop.submit));
    // WeChat Pay refuses the second for a minute. That passes by itself, and wakes nobody.
    for (const part of parts) expect((await shop.until(part, 'succeeded', 150)).state).toBe('succeeded');
    expect(await shop.attention()).toEqual([]);
    expect((await shop.stands(payment)).state).toBe('partlyRefunded');
    await expect(shop.request(payment, 50_001, 'c')).rejects.toThrow('more than is left');
    const rest = await shop.request(payment, 50_000, 'rest');
    expect((await shop.until(rest, 'succeeded')).state).toBe('succeeded');
    expect((await shop.stands(payment)).state).toBe('refunded');
    expect(await shop.backOf(payment)).toBe(55_300);
  });

  test('a part that the provider has no money left for fails, and waits for a person', async () => {
    const payment = await shop.paid();
    const own = { ...(await shop.request(payment, 300, 'a')), refundNumber: `${payment.paymentId}_console` };
    // Somebody has refunded at the provider's own pages.
    await shop.provider().refund(payment, { ...own, amount: { ...own.amount, amount: 55_100 } });
    const mine = await shop.request(payment, 1_000, 'b');
    expect((await shop.until(mine, 'failed')).state).toBe('failed');
    expect(await shop.backOf(payment)).toBe(55_100);
    expect(await shop.attention()).toEqual([expect.stringMatching(/^refund-declined: /)]);
  });

  test.each(['request', 'answer'] as const)('a refund whose %s is lost goes back once', async (lost) => {
    const payment = await shop.paid();
    const part = await shop.request(payment, 300, 'a');
    shop.loss.next = lost;
    await shop.submit(part);
    expect(await shop.read(part)).toMatchObject({ state: 'submitted' });
    await shop.submit(part);
    expect(shop.sends).toHaveLength(1);
    expect((await shop.until(part, 'succeeded')).state).toBe('succeeded');
    expect(await shop.backOf(payment)).toBe(300);
    const { sendAgainAfterSeconds } = shop.dependencies.findProvider().refundTerms;
    for (const seconds of secondsBetweenSends())
      expect(seconds).toBeGreaterThanOrEqual(sendAgainAfterSeconds);
  });

  test('a refund for which the merchant has too little money goes back when there is enough', async () => {
    const payment = await shop.paid();
    const part = await shop.request(payment, 300, 'a');
    await shop.press(payment, 'refund-declined');
    await shop.submit(part);
    expect(await shop.read(part)).toMatchObject({
      state: 'submitted',
      declined: expect.stringMatching(/NOT_ENOUGH|balance_insufficient/),
      declines: 1,
    });
    expect((await shop.until(part, 'succeeded')).state).toBe('succeeded');
    expect(await shop.backOf(payment)).toBe(300);
  });

  test('the notification of a refund has it confirmed at once, and is never a payment', async () => {
    const payment = await shop.paid();
    await shop.hear(1);
    await shop.press(payment, 'refund-waits');
    const part = await shop.request(payment, 300, 'a');
    await shop.submit(part);
    expect(await shop.read(part)).toMatchObject({ state: 'submitted' });
    // Stripe tells of a new refund, too.
    await shop.hear(at === 'stripe' ? 2 : 0);
    await shop.press(payment, 'refund-done');
    expect(await shop.hear(1)).toEqual(['refunded']);
    await shop.submit(part);
    expect((await shop.read(part)).state).toBe('succeeded');
    expect(await shop.stands(payment)).toMatchObject({ state: 'partlyRefunded', refundable: 55_000 });
    expect(shop.sends).toHaveLength(1);
  });
});

describe('at WeChat Pay', () => {
  beforeEach(async () => {
    shop = await openRefundShop('wechatpay');
  });

  test('nine parts of one payment go back one a minute, wake nobody, and no provider counts as silent', async () => {
    const metrics = watchMetrics();
    const payment = await shop.paid();
    const parts: Refund[] = [];
    for (let n = 0; n < 9; n += 1) parts.push(await shop.request(payment, 100, `p${n}`));
    for (const part of parts) await shop.submit(part);
    for (let minutes = 0; minutes < 12; minutes += 1) {
      shop.pass(75);
      for (const part of parts) await shop.submit(part);
    }
    for (const part of parts) expect((await shop.read(part)).state).toBe('succeeded');
    expect(await shop.attention()).toEqual([]);
    expect(Math.max(...metrics.valuesOf('ProviderSilence'))).toBe(0);
    jest.restoreAllMocks();
  });

  test.each(['abnormal', 'closed'])(
    'a refund that was accepted and then is %s waits for a person',
    async (how) => {
      const payment = await shop.paid();
      await shop.hear(1);
      await shop.press(payment, 'refund-waits');
      const part = await shop.request(payment, 300, 'a');
      await shop.submit(part);
      shop.pass(3 * 86_400);
      await shop.press(payment, `refund-${how}`);
      expect(await shop.hear(1)).toEqual(['refunded']);
      await shop.submit(part);
      expect((await shop.read(part)).state).toBe('failed');
      expect(await shop.attention()).toEqual([`refund-declined: ${how.toUpperCase()}`]);
      // A person has it sent to another account at the merchant's page, by the same number.
      await shop.press(payment, 'refund-done');
      await shop.hear(1);
      await shop.submit(part);
      expect((await shop.read(part)).state).toBe('succeeded');
      expect(await shop.attention()).toEqual([]);
    },
  );
});

describe('at Stripe', () => {
  beforeEach(async () => {
    shop = await openRefundShop('stripe');
  });

  test('a refund that fails days after it was done is owed again (T39)', async () => {
    const payment = await shop.paid();
    await shop.hear(1);
    const part = await shop.request(payment, 300, 'a');
    await shop.submit(part);
    await shop.hear(2);
    await shop.submit(part);
    expect(await shop.read(part)).toMatchObject({ state: 'succeeded' });
    expect((await shop.read(part)).dueAt).toBeUndefined();
    shop.pass(3 * 86_400);
    await shop.press(payment, 'refund-failed');
    expect(await shop.hear(1)).toEqual(['refunded']);
    await shop.submit(part);
    expect(await shop.read(part)).toMatchObject({ state: 'failed', returnedAt: shop.clock() });
    expect(await shop.attention()).toEqual(['refund-declined: taken back after it was paid: failed']);
    expect(await shop.backOf(payment)).toBe(300);
  });
});

import { providerNames } from '../../../shared/payments/known-providers.ts';
import type { Payment } from '../../../shared/payments/model.ts';
import type { Run } from '../../../shared/timetable/model.ts';
import { listWhatNeedsAPerson } from '../../../shared/upkeep/attention.ts';
import { answersOf, moneyWorld, type MoneyWorld } from './money-world.ts';
import type { Notice } from './signed-notices.ts';

/** Notifications of other amounts and currencies than the payment's: they move nothing, and the provider's books decide. */

let world: MoneyWorld;
let run: Run;
let people = 0;
beforeAll(async () => {
  world = await moneyWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  run = await world.nextRun(1);
});

type Content = Record<string, unknown>;

/** Who tells a currency at all. Alipay's contract here is in yuan alone. */
const inDollars: Partial<Record<string, Required<Notice>['change']>> = {
  wechatpay: (notice: Content) => ({
    ...notice,
    content: { ...(notice['content'] as Content), amount: { total: 30_000, currency: 'USD' } },
  }),
  stripe: (event: Content) => ({
    ...event,
    data: { object: { ...(event['data'] as { object: Content }).object, currency: 'usd' } },
  }),
};

describe.each(providerNames)('%s', (name) => {
  const begun = async (): Promise<{ payment: Payment; page: string }> => {
    const payment = await world.begin(await world.held(run, [(people += 1)]), name);
    return { payment, page: await world.enter(payment) };
  };
  const others: [string, Notice][] = [
    ['a cent less', { telling: { of: 'paid', total: 29_999 } }],
    ['a cent more', { telling: { of: 'paid', total: 30_001 } }],
    ['one cent', { telling: { of: 'paid', total: 1 } }],
    ...(inDollars[name] ? [['another currency', { change: inDollars[name] }] as [string, Notice]] : []),
  ];

  test.each(others)(
    '%s is refused and pays nothing, and the true money pays afterwards',
    async (_, notice) => {
      const { payment, page } = await begun();
      const answer = await world.gateway.send(name, world.noticeOf[name](payment, notice));
      expect(answer).toMatchObject(answersOf(world.providerOf(name)).refused);
      expect(await world.stored(payment)).toMatchObject({
        state: 'pending',
        doubt: { since: world.time.now },
      });
      await world.standing(payment.orderId, 'held');
      await world.sweepNow();
      await world.press(page, 'pay');
      await world.told();
      expect(await world.apply(payment)).toMatchObject({ now: 'paid' });
      await world.standing(payment.orderId, 'issued');
      await world.expectAgreed(payment);
    },
  );

  test.each(others)(
    '%s, of which the provider’s books say nothing, is a person’s to compare',
    async (_, notice) => {
      const { payment } = await begun();
      await world.settle();
      await world.gateway.send(name, world.noticeOf[name](payment, notice));
      await world.settle();
      expect(await world.stored(payment)).toMatchObject({
        state: 'closed',
        attention: { kind: 'amount-disputed' },
      });
      const { items } = await listWhatNeedsAPerson(world.bookings, { perShardMax: 100 });
      expect(items.map(({ id }) => id)).toContain(payment.paymentId);
    },
  );

  test('after the right one it is flagged once, and changes no books', async () => {
    const { payment, page } = await begun();
    await world.press(page, 'pay');
    await world.told();
    await world.apply(payment);
    for (const id of ['one', 'two']) await world.tell(payment, { id, telling: { of: 'paid', total: 7 } });
    expect(await world.stored(payment)).toMatchObject({
      state: 'captured',
      refundable: 30_000,
      attention: { kind: 'amount-disputed' },
    });
    await world.standing(payment.orderId, 'issued');
  });
});

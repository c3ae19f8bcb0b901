import type { Telling } from '../../../infra/local/providers/delivery.ts';
import { providerNames } from '../../../shared/payments/known-providers.ts';
import type { Payment } from '../../../shared/payments/model.ts';
import type { Run } from '../../../shared/timetable/model.ts';
import { everythingIn } from '../../support/everything-in.ts';
import { moneyWorld, type MoneyWorld } from './money-world.ts';

/** The notification of a refund comes to the address of payments, and looks like a payment: it never is one. */

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

describe.each(providerNames)('%s', (name) => {
  const begun = async (): Promise<{ payment: Payment; page: string }> => {
    const payment = await world.begin(await world.held(run, [(people += 1)]), name);
    return { payment, page: await world.enter(payment) };
  };
  const refundOf = (payment: Payment, amount: number): Telling => ({
    of: 'refund',
    refund: { outRequestNo: `${payment.paymentId}_whole`, amount, at: world.time.now },
  });
  /** The same, as much like a payment as the provider's protocol lets it be. */
  const disguised = {
    alipay: (content: Content) => ({ ...content, trade_status: 'TRADE_SUCCESS' }),
    wechatpay: (notice: Content) => ({
      ...notice,
      content: {
        ...(notice['content'] as Content),
        appid: world.sandbox.secrets.wechatpay.appId,
        trade_state: 'SUCCESS',
        amount: { total: 30_000, currency: 'CNY' },
      },
    }),
    stripe: (event: Content) => ({
      ...event,
      type: 'charge.refunded',
      data: {
        object: {
          ...(event['data'] as { object: Content }).object,
          object: 'charge',
          status: 'succeeded',
          amount_received: 30_000,
        },
      },
    }),
  }[name];

  test.each([
    ['of a part', 100, undefined],
    ['of the whole', 30_000, undefined],
    ['of a part, disguised', 100, disguised],
    ['of the whole, disguised', 30_000, disguised],
  ])('%s, about a payment that nobody has paid, is no payment', async (_, amount, change) => {
    const { payment } = await begun();
    const before = await everythingIn(world.tables);
    await world.tell(payment, { telling: refundOf(payment, amount), ...(change && { change }) });
    expect(await everythingIn(world.tables)).toEqual(before);
    expect(await world.stored(payment)).toMatchObject({ state: 'pending' });
  });

  test('before the notification of its payment, leaves that its effect', async () => {
    const { payment, page } = await begun();
    await world.press(page, 'pay-silently');
    await world.tell(payment, { telling: refundOf(payment, 100) });
    await world.tell(payment);
    expect(await world.apply(payment)).toMatchObject({ now: 'paid' });
    await world.standing(payment.orderId, 'issued');
  });

  test('after a surplus went back, moves nothing, whichever refund it names', async () => {
    const { payment, page } = await begun();
    const surplus = await world.begin(payment.orderId, name);
    for (const each of [page, await world.enter(surplus)]) await world.press(each, 'pay');
    await world.told();
    for (const each of [payment, surplus]) await world.apply(each);
    await world.settle();
    await world.told();
    const before = await world.booked();
    for (const each of [payment, surplus])
      for (const amount of [100, 30_000]) await world.tell(each, { telling: refundOf(each, amount) });
    expect(await world.booked()).toEqual(before);
    await world.settle();
    expect(await world.stored(payment)).toMatchObject({ state: 'captured', refundable: 30_000 });
    expect(await world.stored(surplus)).toMatchObject({ state: 'refunded', refundable: 0 });
    await world.expectAgreed(payment, surplus);
  });
});

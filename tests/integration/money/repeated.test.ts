import { providerNames } from '../../../shared/payments/known-providers.ts';
import type { Payment } from '../../../shared/payments/model.ts';
import type { Run } from '../../../shared/timetable/model.ts';
import type { Wire } from './gateway.ts';
import { answersOf, moneyWorld, type MoneyWorld } from './money-world.ts';

/** Notifications that come twice, in any order, again, or much later. */

const week = 7 * 86_400;
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

describe.each(providerNames)('%s', (name) => {
  const begun = async (): Promise<{ payment: Payment; page: string }> => {
    const payment = await world.begin(await world.held(run, [(people += 1)]), name);
    return { payment, page: await world.enter(payment) };
  };
  const send = (wire: Wire) => world.gateway.send(name, wire);
  const answers = () => answersOf(world.providerOf(name));
  /** Paid and issued, with the notification that told so. */
  const issued = async () => {
    const { payment, page } = await begun();
    await world.press(page, 'pay-silently');
    const wire = world.noticeOf[name](payment);
    expect(await send(wire)).toMatchObject(answers().received);
    await world.apply(payment);
    await world.standing(payment.orderId, 'issued');
    return { payment, wire };
  };
  /** Nothing is booked meanwhile. */
  const expectUnchanged = async (work: () => Promise<void>): Promise<void> => {
    await world.told();
    const before = await world.booked();
    await work();
    expect(await world.booked()).toEqual(before);
  };

  test.each(['pay-notify-twice', 'pay-notify-out-of-order'])('%s pays once', async (action) => {
    const { payment, page } = await begun();
    await world.press(page, action);
    await world.told();
    expect(await world.stored(payment)).toMatchObject({ state: 'captured' });
    await world.apply(payment);
    expect(await world.apply(payment)).toMatchObject({ now: 'nothing-to-apply' });
    await world.standing(payment.orderId, 'issued');
    await world.expectAgreed(payment);
  });

  test('that it waits, or is closed, may come after that it is paid', async () => {
    const { payment } = await issued();
    // WeChat Pay tells neither.
    const tellings = name === 'wechatpay' ? [] : (['waiting', 'closed'] as const);
    await expectUnchanged(async () => {
      for (const telling of tellings) await world.tell(payment, { telling: { of: telling } });
      await world.tell(payment);
    });
  });

  test('many at the same moment, alike and of other ids, are one capture', async () => {
    const { payment, page } = await begun();
    await world.press(page, 'pay-silently');
    const wires = [...Array(8).keys()].map((n) => world.noticeOf[name](payment, { id: `id${n % 4}` }));
    const given = await Promise.all(wires.map(send));
    // One that met too many others at once is refused, and the provider sends it again.
    for (const [n, answer] of given.entries())
      if (answer.status >= 300) expect(await send(wires[n]!)).toMatchObject(answers().received);
    await Promise.all([world.apply(payment), world.apply(payment), world.apply(payment)]);
    await world.apply(payment);
    await world.standing(payment.orderId, 'issued');
    await world.expectAgreed(payment);
  });

  test('an id that the provider has used for another payment hides no money', async () => {
    const payments = [await begun(), await begun()].map(({ payment }) => payment);
    for (const payment of payments) await world.tell(payment, { id: 'used-twice' });
    for (const payment of payments)
      expect(await world.stored(payment)).toMatchObject({ state: 'captured', refundable: 30_000 });
    for (const payment of payments) expect(await world.apply(payment)).toMatchObject({ now: 'paid' });
  });

  test('the same once more, and one of another id, change nothing, then and a week later', async () => {
    const { payment, wire } = await issued();
    await expectUnchanged(async () => {
      expect(await send(wire)).toMatchObject(answers().received);
      await world.tell(payment, { id: 'another' });
      world.pass(week);
      await world.tell(payment);
      await world.tell(payment, { id: 'yet-another' });
    });
  });

  test('a recorded request that somebody sends again a week later changes nothing', async () => {
    const { wire } = await issued();
    world.pass(week);
    await expectUnchanged(async () => {
      // Alipay's carry no time that is meant for this; ours is a known one.
      const isDated = name !== 'alipay';
      expect(await send(wire)).toMatchObject(isDated ? answers().refused : answers().received);
    });
  });

  test('after its money went back, it is no new money', async () => {
    const { payment, page } = await begun();
    const surplus = await world.begin(payment.orderId, name);
    for (const each of [page, await world.enter(surplus)]) await world.press(each, 'pay');
    await world.told();
    await world.apply(payment);
    await world.apply(surplus);
    await world.settle();
    expect(await world.stored(surplus)).toMatchObject({ state: 'refunded' });
    await expectUnchanged(async () => {
      await world.tell(payment, { id: 'again' });
      await world.tell(surplus);
      await world.tell(surplus, { id: 'once-more' });
    });
    await world.expectAgreed(payment, surplus);
  });
});

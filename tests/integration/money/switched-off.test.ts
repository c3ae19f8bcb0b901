import { providerNames } from '../../../shared/payments/known-providers.ts';
import type { Payment } from '../../../shared/payments/model.ts';
import type { Run } from '../../../shared/timetable/model.ts';
import { cleanUp } from '../../../shared/upkeep/clean-up.ts';
import { everythingIn } from '../../support/everything-in.ts';
import { moneyWorld, type MoneyWorld } from './money-world.ts';

/** A provider that is switched off while its payments are open, and on again. */

let world: MoneyWorld;
let run: Run;
let people = 0;
beforeAll(async () => {
  world = await moneyWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  run = await world.nextRun(1);
  world.lines.length = 0;
});

describe.each(providerNames)('%s', (name) => {
  const begun = async (): Promise<{ payment: Payment; page: string }> => {
    const payment = await world.begin(await world.held(run, [(people += 1)]), name);
    return { payment, page: await world.enter(payment) };
  };
  const switchOff = (): void => {
    world.keeper.kept.set(name, { text: '{}' });
    world.pass(241);
  };
  const switchOn = (): void => {
    world.keeper.kept.set(name, { text: JSON.stringify(world.sandbox.secrets[name]) });
    world.pass(61);
  };
  const sweepWithout = () =>
    cleanUp({ ...world.dependencies, findProvider: () => undefined })({ hasTime: () => true });

  test('its notifications are not taken, quietly, and come again when it is on', async () => {
    const { payment, page } = await begun();
    switchOff();
    const before = await everythingIn(world.tables);
    await world.press(page, 'pay');
    await world.told();
    expect(await world.gateway.send(name, world.noticeOf[name](payment))).toMatchObject({
      status: 404,
      body: 'fail',
    });
    expect(await everythingIn(world.tables)).toEqual(before);
    expect(world.lines.filter(({ level }) => level !== 'info')).toEqual([]);
    expect(world.lines.map(({ text }) => text).join()).toContain('"why":"switched-off"');
    switchOn();
    // The provider's own next attempt, of which Alipay's is four minutes after the first.
    world.pass(240);
    for (let tries = 0; (await world.stored(payment)).state === 'pending' && tries < 100; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await world.apply(payment)).toMatchObject({ now: 'paid' });
    await world.standing(payment.orderId, 'issued');
    await world.expectAgreed(payment);
  });

  test('its open payments wait for it, a person learns of them, and their money is used when it is on', async () => {
    const { payment, page } = await begun();
    await world.press(page, 'pay-silently');
    for (let n = 0; n < 10; n += 1) {
      world.pass(600);
      await sweepWithout();
    }
    await world.standing(payment.orderId, 'expired');
    expect(await world.stored(payment)).toMatchObject({
      state: 'pending',
      attention: { kind: 'payment-unclosed' },
    });
    await world.settle();
    await world.standing(payment.orderId, 'issued');
    expect(await world.stored(payment)).not.toHaveProperty('attention');
    await world.expectAgreed(payment);
  });
});

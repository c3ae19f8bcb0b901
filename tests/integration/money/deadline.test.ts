import { providerNames } from '../../../shared/payments/known-providers.ts';
import type { Payment } from '../../../shared/payments/model.ts';
import type { Run } from '../../../shared/timetable/model.ts';
import { listTickets } from '../../../shared/tickets/store.ts';
import { closeForEnd, releaseForEnd } from '../../support/order-by-id.ts';
import { moneyWorld, type MoneyWorld } from './money-world.ts';

/** A buyer pays at the cashier, and the notification comes before, at and after the deadline of the order. */

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
  type Begun = { payment: Payment; page: string };
  /** An order for the whole coach, whose buyer stands at the cashier. */
  const begun = async (): Promise<Begun> => {
    const group = Array.from({ length: 5 }, () => (people += 1));
    const payment = await world.begin(await world.held(run, group), name);
    return { payment, page: await world.enter(payment) };
  };
  const expectIssued = async ({ payment }: Begun): Promise<void> => {
    await world.standing(payment.orderId, 'issued');
    expect(await listTickets(world.bookings, payment.orderId)).toHaveLength(5);
    await world.expectAgreed(payment);
  };
  const expectBack = async ({ payment }: Begun): Promise<void> => {
    await world.standing(payment.orderId, 'refunded');
    expect(await world.stored(payment)).toMatchObject({ state: 'refunded', refundable: 0 });
    await world.expectAgreed(payment);
  };

  test('before the deadline it pays the order, and the tickets are issued', async () => {
    const one = await begun();
    await world.press(one.page, 'pay');
    await world.told();
    expect(await world.apply(one.payment)).toMatchObject({ now: 'paid' });
    await expectIssued(one);
  });

  test('after the deadline, while nobody has closed the order, it pays the order', async () => {
    const one = await begun();
    await world.press(one.page, 'pay-silently');
    world.pass(901);
    await world.tell(one.payment);
    expect(await world.apply(one.payment)).toMatchObject({ now: 'paid' });
    await expectIssued(one);
  });

  test.each(['before', 'after'] as const)(
    'just %s the provider answers that it cannot close it, it pays the order',
    async (when) => {
      const one = await begun();
      await world.press(one.page, 'pay-silently');
      world.pass(901);
      const real = world.providerOf(name);
      const findProvider = () => ({
        ...real,
        close: async (payment: Payment) => {
          if (when === 'before') await world.tell(payment);
          const answer = await real.close(payment);
          if (when === 'after') await world.tell(payment);
          return answer;
        },
      });
      const closed = await closeForEnd({ ...world.dependencies, findProvider })(
        one.payment.orderId,
        'expired',
      );
      expect(closed).toMatchObject({ reason: 'already-paid' });
      await world.apply(one.payment);
      await expectIssued(one);
    },
  );

  test('while the seats are being released it waits, then takes the same seats again', async () => {
    const one = await begun();
    world.pass(1300);
    await closeForEnd(world.dependencies)(one.payment.orderId, 'expired');
    await world.standing(one.payment.orderId, 'releasing');
    await world.press(one.page, 'pay-late');
    await world.told();
    expect(await world.stored(one.payment)).toMatchObject({ state: 'captured' });
    expect(await world.apply(one.payment)).toMatchObject({ reason: 'seats-busy' });
    await releaseForEnd(world.dependencies)(one.payment.orderId);
    expect(await world.apply(one.payment)).toMatchObject({ now: 'paid' });
    await expectIssued(one);
  });

  test('after the payment was called closed and the order has ended, it takes the same seats again', async () => {
    const one = await begun();
    await world.settle();
    expect(await world.stored(one.payment)).toMatchObject({ state: 'closed' });
    await world.standing(one.payment.orderId, 'expired');
    await world.press(one.page, 'pay-late');
    await world.told();
    expect(await world.apply(one.payment)).toMatchObject({ now: 'paid' });
    await expectIssued(one);
  });

  test('after others have taken a seat, its money goes back, and theirs stays', async () => {
    const one = await begun();
    await world.settle();
    const other = await world.begin(await world.held(run, [(people += 1)]), name);
    await world.press(await world.enter(other), 'pay');
    await world.told();
    await world.apply(other);
    await world.press(one.page, 'pay-late');
    await world.told();
    expect(await world.apply(one.payment)).toMatchObject({ now: 'refund-requested' });
    await world.settle();
    await expectBack(one);
    await world.standing(other.orderId, 'issued');
    await world.expectAgreed(one.payment, other);
  });
});

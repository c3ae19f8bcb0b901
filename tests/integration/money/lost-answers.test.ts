import { providerNames } from '../../../shared/payments/known-providers.ts';
import type { Payment } from '../../../shared/payments/model.ts';
import type { PaymentProvider } from '../../../shared/payments/provider.ts';
import { listPayments } from '../../../shared/payments/store.ts';
import type { OrderId } from '../../../shared/platform/ids.ts';
import type { Run } from '../../../shared/timetable/model.ts';
import { closeForEnd } from '../../support/order-by-id.ts';
import { moneyWorld, type MoneyWorld } from './money-world.ts';

/** Calls that end without an answer: the provider has done what they asked for, or it has not. */

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

const noAnswer = () => Object.assign(new Error('no answer'), { name: 'TransientFailure' });

/** The provider does it and the answer is lost, or the request never arrives. */
const ways = ['done', 'not done'] as const;
type Way = (typeof ways)[number];

/** The method that needs the provider at its beginning; the others of Alipay are addresses that we sign. */
const methods = { alipay: 'qr-code', wechatpay: 'native', stripe: 'card' } as const;

describe.each(providerNames)('%s', (name) => {
  const losing = (call: 'begin' | 'close' | 'query', way: Way): PaymentProvider => {
    const real = world.providerOf(name);
    const lost = async (payment: Payment, ...rest: never[]): Promise<never> => {
      if (way === 'done')
        await (real[call] as (payment: Payment, ...more: never[]) => Promise<unknown>)(payment, ...rest);
      throw noAnswer();
    };
    return { ...real, [call]: lost };
  };
  const held = () => world.held(run, [(people += 1)]);
  const only = async (orderId: OrderId): Promise<Payment> => {
    const [payment, ...more] = await listPayments(world.bookings, orderId);
    expect(more).toEqual([]);
    if (!payment) throw new Error('no payment was begun');
    return payment;
  };
  const expectEnded = async (payment: Payment): Promise<void> => {
    await world.standing(payment.orderId, 'expired');
    expect(await world.stored(payment)).toMatchObject({ state: 'closed' });
    expect(await world.owned(run)).toEqual([]);
    await world.expectAgreed(payment);
  };

  describe.each(ways)('a payment whose beginning had no answer, and was %s', (way) => {
    const begin = (orderId: OrderId, provider?: PaymentProvider) =>
      world.begin(orderId, name, { method: methods[name], key: 'same', ...(provider && { provider }) });

    test('is begun by the same request once more, once, and can be paid', async () => {
      const orderId = await held();
      await expect(begin(orderId, losing('begin', way))).rejects.toThrow('no answer');
      expect(await only(orderId)).toMatchObject({ state: 'created' });
      const payment = await begin(orderId);
      expect(await only(orderId)).toMatchObject({ paymentId: payment.paymentId, state: 'pending' });
      await world.press(await world.enter(payment), 'pay');
      await world.told();
      expect(await world.apply(payment)).toMatchObject({ now: 'paid' });
      await world.standing(orderId, 'issued');
      await world.expectAgreed(payment);
    });

    test('is closed at the provider if nobody asks again, and its seat is free', async () => {
      const orderId = await held();
      await expect(begin(orderId, losing('begin', way))).rejects.toThrow('no answer');
      await world.settle();
      await expectEnded(await only(orderId));
    });
  });

  describe.each(ways)('a close without an answer that was %s', (way) => {
    const begun = async (): Promise<{ payment: Payment; page: string }> => {
      const payment = await world.begin(await held(), name);
      return { payment, page: await world.enter(payment) };
    };
    const close = ({ orderId }: Payment) =>
      closeForEnd({ ...world.dependencies, findProvider: () => losing('close', way) })(orderId, 'expired');

    test('keeps the seat until another look finds it closed', async () => {
      const { payment } = await begun();
      world.pass(901);
      expect(await close(payment)).toMatchObject({ reason: 'payments-unfinished' });
      await world.standing(payment.orderId, 'closing');
      expect(await world.owned(run)).not.toEqual([]);
      await world.settle();
      await expectEnded(payment);
    });

    test('finds the money that came before it', async () => {
      const { payment, page } = await begun();
      await world.press(page, 'pay-silently');
      world.pass(901);
      expect(await close(payment)).toMatchObject({ reason: 'payments-unfinished' });
      await world.settle();
      await world.standing(payment.orderId, 'issued');
      await world.expectAgreed(payment);
    });

    test('and money that came although it was called closed: it takes the seat again', async () => {
      const { payment, page } = await begun();
      world.pass(901);
      await close(payment);
      await world.press(page, 'pay-late');
      await world.told();
      await world.apply(payment);
      await world.settle();
      await world.standing(payment.orderId, 'issued');
      await world.expectAgreed(payment);
    });
  });
});

import { providerNames } from '../../../shared/payments/known-providers.ts';
import type { Payment } from '../../../shared/payments/model.ts';
import { awaitPayment } from '../../../shared/selling/await-payment.ts';
import type { Run } from '../../../shared/timetable/model.ts';
import { applyPayment } from '../../../shared/paying/apply-payment.ts';
import { moneyWorld, type MoneyWorld } from './money-world.ts';

/** Money that is there before the workflow waits for it, or before the client has got its payment. */

let world: MoneyWorld;
let run: Run;
let people = 0;
beforeAll(async () => {
  world = await moneyWorld();
  run = await world.nextRun(10);
});
afterAll(() => world.stop());
beforeEach(() => void (world.woken.length = 0));

describe.each(providerNames)('%s', (name) => {
  const held = () => world.held(run, [(people += 1)]);
  const paid = async (): Promise<Payment> => {
    const payment = await world.begin(await held(), name);
    await world.press(await world.enter(payment), 'pay');
    await world.told();
    return payment;
  };
  const waits = ({ orderId }: Payment, token: string) => awaitPayment(world.dependencies)(orderId, token);

  test('applied before the workflow has its token: it wakes itself when it has', async () => {
    const payment = await paid();
    await applyPayment(world.dependencies)(payment.paymentId);
    expect(world.woken.filter((line) => line.startsWith('paid'))).toEqual([]);
    await waits(payment, 'token');
    expect(world.woken).toContain('paid token');
  });

  test('captured before the workflow has its token, and applied afterwards: whoever applies it wakes it', async () => {
    const payment = await paid();
    await waits(payment, 'token');
    await applyPayment(world.dependencies)(payment.paymentId);
    expect(world.woken).toContain('paid token');
  });

  test('applied in the moment in which the workflow begins to wait: it is woken', async () => {
    const payment = await paid();
    await Promise.all([waits(payment, 'token'), applyPayment(world.dependencies)(payment.paymentId)]);
    expect(world.woken).toContain('paid token');
    await world.standing(payment.orderId, 'paid');
  });

  test('told while the payment is still being begun: the client is told that it is paid', async () => {
    const real = world.providerOf(name);
    const orderId = await held();
    const begun = await world.begin(orderId, name, {
      provider: {
        ...real,
        begin: async (payment, wish) => {
          const action = await real.begin(payment, wish);
          await world.press(await world.enter({ ...payment, state: 'pending', action } as Payment), 'pay');
          await world.told();
          return action;
        },
      },
    });
    expect(begun).toMatchObject({ state: 'captured' });
    expect(await world.apply(begun)).toMatchObject({ now: 'paid' });
    await world.standing(orderId, 'issued');
  });
});

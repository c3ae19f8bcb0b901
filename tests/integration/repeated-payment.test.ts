import { TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { PaymentProvider } from '../../shared/payments/provider.ts';
import { listPayments } from '../../shared/payments/store.ts';
import { userIdSchema, type OrderId } from '../../shared/platform/ids.ts';
import { cancelOrder } from '../../shared/selling/cancel-order.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import { startPayment } from '../../shared/paying/start-payment.ts';
import { by } from '../support/faulty-table.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
let orderId: OrderId;
const userId = userIdSchema.parse('payer');

beforeEach(async () => {
  world = await purchaseWorld();
  const run = await world.openRun('2026-12-20', 1);
  orderId = await world.held(run, [1], { user: 'payer' });
});
afterEach(() => world.stop());

/** A provider whose every answer is another, as a signed address with the time in it is. */
const cashier = (): PaymentProvider => {
  let begun = 0;
  return {
    ...world.bank.provider,
    begin: async (payment, wish) => {
      await world.bank.provider.begin(payment, wish);
      return { kind: 'redirect', url: `https://cashier.example/${(begun += 1)}` };
    },
  };
};

let provider: PaymentProvider;
beforeEach(() => {
  provider = cashier();
});

const begin = (over: { bookings?: PurchaseWorld['bookings']; bodyHash?: string } = {}) =>
  startPayment({ ...world.dependencies, ...(over.bookings && { bookings: over.bookings }) })({
    orderId,
    userId,
    provider,
    method: 'page',
    device: { userAgent: '' },
    returnUrl: undefined,
    scope: { userId, route: 'payments', key: 'once', bodyHash: over.bodyHash ?? 'same' },
  });

const payable = { outcome: 'accepted', payment: { state: 'pending', action: { kind: 'redirect' } } };
const refused = (reason: string) => ({ outcome: 'rejected', reason });
const theOnly = async () => {
  const [payment, ...more] = await listPayments(world.bookings, orderId);
  expect(more).toEqual([]);
  if (!payment) throw new Error('no payment was begun');
  return payment;
};

const actionOf = (outcome: Awaited<ReturnType<typeof begin>>) =>
  outcome.outcome === 'accepted' && outcome.payment.state === 'pending' ? outcome.payment.action : undefined;

describe('a payment request that is repeated', () => {
  test('is answered as the first was, with what the client must do', async () => {
    const first = await begin();
    expect(first).toMatchObject(payable);
    world.pass(300);
    const again = await begin();
    expect(again).toMatchObject(payable);
    expect(actionOf(again)).toEqual(actionOf(first));
    expect(actionOf(first)).toBeDefined();
    expect(await begin({ bodyHash: 'other' })).toEqual(refused('key-reused'));
    await theOnly();
  });

  test('many times at once has one answer', async () => {
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => begin()));
    const actions = outcomes.map((each) => JSON.stringify(actionOf(each)));
    expect(new Set(actions).size).toBe(1);
    for (const each of outcomes) expect(each).toMatchObject(payable);
    await theOnly();
  });

  test.each([
    ['the intent', TransactWriteCommand],
    ['handing it out', UpdateCommand],
  ])('after the answer to %s was lost begins no second payment', async (_, kind) => {
    const bookings = by(world.bookings, async (command, send) => {
      const answer = await send(command);
      if (command instanceof kind) throw new Error('the answer was lost');
      return answer;
    });
    await expect(begin({ bookings })).rejects.toThrow('the answer was lost');
    expect(await begin()).toMatchObject(payable);
    await theOnly();
  });

  test('is told that the order is no longer held once its time is up', async () => {
    await begin();
    world.pass(899);
    expect(await begin()).toMatchObject(payable);
    world.pass(1);
    expect(await begin()).toEqual(refused('order-not-held'));
  });

  test('does not begin at the provider what nobody can pay any more', async () => {
    world.bank.state.silent = true;
    await expect(begin()).rejects.toThrow('no answer');
    world.bank.state.silent = false;
    world.pass(900);
    expect(await begin()).toEqual(refused('order-not-held'));
    expect(await theOnly()).toMatchObject({ state: 'created' });
  });

  test('is told that the order is no longer held when its user gave it up', async () => {
    await begin();
    world.bank.state.silent = true;
    expect(await cancelOrder(world)(orderId, userId)).toMatchObject({ order: { state: 'closing' } });
    expect(await theOnly()).toMatchObject({ state: 'pending' });
    expect(await begin()).toEqual(refused('order-not-held'));
  });

  test('is told that the payment has ended where the order still waits for one', async () => {
    world.bank.state.silent = true;
    await expect(begin()).rejects.toThrow('no answer');
    world.bank.state.silent = false;
    world.pass(120);
    await cleanUp(world.dependencies)({ hasTime: () => true });
    expect(await theOnly()).toMatchObject({ state: 'closed' });
    expect(await begin()).toEqual(refused('payment-ended'));
    world.pass(800);
    expect(await begin()).toEqual(refused('order-not-held'));
  });

  test('is told that it was paid', async () => {
    await begin();
    const payment = await theOnly();
    world.buyerPays(payment);
    await recordNotification(world)('alipay', {
      notificationId: 'n-1',
      paymentNumber: payment.paymentId,
      says: { kind: 'captured', providerTrade: 'trade', paid: payment.amount },
    });
    world.pass(2000);
    expect(await begin()).toMatchObject({ outcome: 'accepted', payment: { state: 'captured' } });
  });
});

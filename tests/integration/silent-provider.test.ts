import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Payment } from '../../shared/payments/model.ts';
import { patientProvider } from '../../shared/payments/patient-provider.ts';
import type { PaymentProvider, ProviderPayment } from '../../shared/payments/provider.ts';
import { listPayments, readPayment } from '../../shared/payments/store.ts';
import { paymentIdOf, type OrderId, type UserId } from '../../shared/platform/ids.ts';
import { giveUpSeats } from '../../shared/orders/transitions-store.ts';
import { writeTogether } from '../../shared/platform/dynamo.ts';
import { plusSeconds } from '../../shared/platform/time.ts';
import { cancelOrder } from '../../shared/selling/cancel-order.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { listTickets } from '../../shared/tickets/store.ts';
import { closeForEnd, releaseForEnd } from '../support/order-by-id.ts';
import { by } from '../support/faulty-table.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
beforeEach(async () => {
  world = await purchaseWorld();
});
afterEach(() => world.stop());

const run = () => world.openRun('2026-12-20', 4);
const payments = (orderId: OrderId) => listPayments(world.bookings, orderId);

/** A provider whose closing never ends until it is told to, and the calls that were made of it. */
const hangingProvider = () => {
  const asked: string[] = [];
  const signals: AbortSignal[] = [];
  let answerAll: (answer: ProviderPayment) => void = () => undefined;
  const answer = new Promise<ProviderPayment>((resolve) => {
    answerAll = resolve;
  });
  const provider: PaymentProvider = {
    ...world.bank.provider,
    close: ({ paymentId }, signal) => {
      asked.push(paymentId);
      if (signal) signals.push(signal);
      return answer;
    },
  };
  return { provider, asked, signals, answerAll: (said: ProviderPayment) => answerAll(said) };
};

/** What the use cases get when so many milliseconds are left beyond what is kept back for the writes. */
const waitingFor = (provider: PaymentProvider, milliseconds: number) => {
  const patient = patientProvider(provider, () => 3000 + milliseconds);
  return { ...world.dependencies, findProvider: () => patient };
};

describe('an order whose provider says nothing', () => {
  test('gives its seats up after the grace without asking, however many payments it has', async () => {
    const sold = await run();
    const orderId = await world.held(sold, [1]);
    const first = await world.pay(orderId);
    for (let attempt = 2; attempt <= 20; attempt += 1) {
      const paymentId = paymentIdOf(orderId, attempt);
      const Item = { ...first, paymentId, pk: `ORDER#${orderId}`, sk: `PAYMENT#${paymentId}` };
      await world.bookings.client.send(new PutCommand({ TableName: world.bookings.name, Item }));
    }
    const { provider, asked } = hangingProvider();
    world.pass(900 + 300);
    // Nobody bounds the calls here: none may be made.
    const unbounded = { ...world.dependencies, findProvider: () => provider };
    expect(await closeForEnd(unbounded)(orderId, 'expired')).toMatchObject({ now: 'releasing' });
    expect(asked).toEqual([]);
    await releaseForEnd(world)(orderId);
    await world.standing(orderId, 'expired');
    expect(await world.owned(sold)).toHaveLength(0);
  });

  test('asks for all its payments at once before that, and leaves each behind with its own deadline', async () => {
    const orderId = await world.held(await run(), [2]);
    for (let n = 0; n < 3; n += 1) await world.pay(orderId);
    const { provider, asked, signals, answerAll } = hangingProvider();
    world.pass(900 + 299);
    expect(await closeForEnd(waitingFor(provider, 200))(orderId, 'expired')).toMatchObject({
      reason: 'payments-unfinished',
    });
    expect(asked).toHaveLength(3);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true]);
    const left = await payments(orderId);
    expect(left.map(({ state }) => state)).toEqual(['pending', 'pending', 'pending']);
    for (const { dueAt } of left) expect(dueAt! > world.time.now).toBe(true);
    // The answer that comes when nobody waits any more changes nothing.
    answerAll({ state: 'closed' });
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    expect((await payments(orderId)).map(({ state }) => state)).toEqual(['pending', 'pending', 'pending']);
  });

  test('is not given up before the grace is over, whatever was decided: the write refuses it', async () => {
    const orderId = await world.held(await run(), [3]);
    await world.pay(orderId);
    const { provider } = hangingProvider();
    world.pass(900 + 299);
    await closeForEnd(waitingFor(provider, 50))(orderId, 'expired');
    const closing = await world.standing(orderId, 'closing');
    const giveUp = () => {
      const expiredBy = plusSeconds(world.time.now, -300);
      const { write } = giveUpSeats(world.bookings, closing, { now: world.time.now, expiredBy });
      return writeTogether(world.bookings.client, [{ label: 'order', write }]);
    };
    expect(await giveUp()).toMatchObject({ outcome: 'refused' });
    await world.standing(orderId, 'closing');
    world.pass(1);
    expect(await giveUp()).toEqual({ outcome: 'written' });
  });

  test('can be cancelled: the answer comes in time, and the order is closing', async () => {
    const orderId = await world.held(await run(), [4]);
    for (let n = 0; n < 3; n += 1) await world.pay(orderId);
    const { provider } = hangingProvider();
    const outcome = await cancelOrder(waitingFor(provider, 200))(orderId, 'user-4' as UserId);
    expect(outcome).toMatchObject({ outcome: 'accepted', order: { state: 'closing' } });
  });

  test('is not asked at all when no time is left', async () => {
    const orderId = await world.held(await run(), [5]);
    await world.pay(orderId);
    const { provider, asked } = hangingProvider();
    world.pass(901);
    expect(await closeForEnd(waitingFor(provider, -2000))(orderId, 'expired')).toMatchObject({
      reason: 'payments-unfinished',
    });
    expect(asked).toEqual([]);
  });

  test('still learns of late money by the payment’s own deadline, hours later', async () => {
    const sold = await run();
    const orderId = await world.held(sold, [6]);
    const paid = await world.pay(orderId);
    await world.pay(orderId);
    world.buyerPays(paid);
    world.bank.state.silent = true;
    for (let minute = 0; minute < 240; minute += 20) {
      world.pass(1200);
      await cleanUp(world.dependencies)({ hasTime: () => true });
    }
    await world.standing(orderId, 'expired');
    expect(await world.owned(sold)).toHaveLength(0);
    world.bank.state.silent = false;
    for (let round = 0; round < 3; round += 1) {
      world.pass(120);
      await cleanUp(world.dependencies)({ hasTime: () => true });
    }
    // The same seats were free: the late money buys them after all.
    await world.standing(orderId, 'issued');
    expect(await listTickets(world.bookings, orderId)).toHaveLength(1);
    expect((await payments(orderId)).map(({ state }) => state)).toEqual(['captured', 'closed']);
  });
});

describe('payments of one order', () => {
  const close = async ({ paymentId, orderId }: Payment): Promise<void> => {
    const standing = await readPayment(world.bookings, paymentId);
    const Item = { ...standing, state: 'closed', pk: `ORDER#${orderId}`, sk: `PAYMENT#${paymentId}` };
    await world.bookings.client.send(new PutCommand({ TableName: world.bookings.name, Item }));
  };

  test('are three unfinished ones at most', async () => {
    const orderId = await world.held(await run(), [10]);
    for (let n = 0; n < 3; n += 1) await world.pay(orderId);
    await expect(world.pay(orderId)).rejects.toThrow('too-many-unfinished-payments');
    await close((await payments(orderId))[1]!);
    await expect(world.pay(orderId)).resolves.toMatchObject({ paymentId: `${orderId}_4` });
    await expect(world.pay(orderId)).rejects.toThrow('too-many-unfinished-payments');
  });

  test('are three at most when many are begun in the same moment', async () => {
    const orderId = await world.held(await run(), [11]);
    await Promise.allSettled(Array.from({ length: 12 }, () => world.pay(orderId)));
    expect(await payments(orderId)).toHaveLength(3);
  });

  test('are twenty at most, finished ones included, which their numbers have room for', async () => {
    const orderId = await world.held(await run(), [12]);
    for (let n = 0; n < 20; n += 1) await close(await world.pay(orderId));
    await expect(world.pay(orderId)).rejects.toThrow('too-many-payments');
  });
});

describe('one item that hangs', () => {
  test('does not keep the clean-up from the others, and is named', async () => {
    const sold = await run();
    const others: OrderId[] = [];
    for (let person = 20; person < 36; person += 1) others.push(await world.held(sold, [person]));
    const stuck = await world.held(sold, [50]);
    await world.pay(stuck);
    const { provider } = hangingProvider();
    world.pass(901);
    // Without a bound of its own, so that only the clean-up's holds.
    const unbounded = { ...world.dependencies, findProvider: () => provider };
    const report = await cleanUp(unbounded)({ hasTime: () => true, itemMilliseconds: 8000 });
    for (const orderId of others) await world.standing(orderId, 'expired');
    expect(report.failed).toContainEqual({ key: `ORDER#${stuck} ORDER`, why: 'TimeoutError' });
    await world.standing(stuck, 'closing');
  });

  test('writes nothing any more when it goes on later', async () => {
    const stuck = await world.held(await run(), [51]);
    await world.pay(stuck);
    const { provider, answerAll } = hangingProvider();
    world.pass(901);
    let sent = 0;
    const bookings = by(world.bookings, (command, send) => ((sent += 1), send(command)));
    const unbounded = { ...world.dependencies, bookings, findProvider: () => provider };
    await cleanUp(unbounded)({ hasTime: () => true, itemMilliseconds: 3000 });
    const before = sent;
    answerAll({ state: 'closed' });
    // What it sends when it goes on it sends before the next turn.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    expect(sent).toBe(before);
  });
});

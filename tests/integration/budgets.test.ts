import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { auditTables } from '../../shared/audit/scan.ts';
import { readCounts } from '../../shared/orders/counts-store.ts';
import { userIdSchema, type OrderId } from '../../shared/platform/ids.ts';
import { instantSchema } from '../../shared/platform/time.ts';
import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { cancelOrder } from '../../shared/selling/cancel-order.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { closeForEnd, issuePaidOrder, refundPaidOrder, releaseForEnd } from '../support/order-by-id.ts';
import { by } from '../support/faulty-table.ts';
import { orderFor } from '../support/order-for.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
beforeEach(async () => {
  world = await purchaseWorld();
});
afterEach(() => world.stop());

type Run = Awaited<ReturnType<PurchaseWorld['openRun']>>;

const user = 'fickle';
const userId = userIdSchema.parse(user);
const counts = () => readCounts(world.bookings, userId);
const cancel = (orderId: OrderId) => cancelOrder(world)(orderId, userId);
const holdAndCancel = async (run: Run, n: number): Promise<OrderId> => {
  const orderId = await world.held(run, [n], { user });
  await cancel(orderId);
  return orderId;
};
const refusedFor = (reason: string) => ({ outcome: 'rejected', reason });
const expectClean = async (...runs: Run[]) => {
  await cleanUp(world.dependencies)({ hasTime: () => true });
  for (const run of runs) await world.count(run);
  expect((await auditTables({ ...world.dependencies, secondLookMilliseconds: 1 })).findings).toEqual([]);
};

describe('orders that ended', () => {
  test('three in a day block new holds that day, in the zone of the carrier, and not the next', async () => {
    const run = await world.openRun('2026-12-20', 4);
    // An hour before midnight in Shanghai.
    world.time.now = instantSchema.parse('2026-12-01T15:00:00.000Z');
    for (const n of [1, 2, 3]) await holdAndCancel(run, n);
    expect(await world.order(run, [4], { user })).toEqual(refusedFor('too-many-ended-orders'));
    expect(await world.order(run, [4], { user: 'another' })).toMatchObject({ outcome: 'accepted' });
    world.time.now = instantSchema.parse('2026-12-01T15:59:59.999Z');
    expect(await world.order(run, [5], { user })).toEqual(refusedFor('too-many-ended-orders'));
    world.time.now = instantSchema.parse('2026-12-01T16:00:00.000Z');
    expect(await world.order(run, [5], { user })).toMatchObject({ outcome: 'accepted' });
    await expectClean(run);
  });

  test('an expired one counts on the day of its deadline, however late it is ended', async () => {
    const run = await world.openRun('2026-12-20', 4);
    world.time.now = instantSchema.parse('2026-12-01T15:44:00.000Z');
    const orderId = await world.held(run, [1], { user });
    world.time.now = instantSchema.parse('2026-12-01T16:10:00.000Z');
    await cleanUp(world.dependencies)({ hasTime: () => true });
    expect((await world.standing(orderId, 'expired')).endsOn).toBe('2026-12-01');
    expect(await counts()).toMatchObject({ openOrders: 0, ended: new Map([['2026-12-01', 1]]) });
    await expectClean(run);
  });

  test('one that is closed before midnight and ended after it counts on the day of the closing', async () => {
    const run = await world.openRun('2026-12-20', 4);
    world.time.now = instantSchema.parse('2026-12-01T15:59:00.000Z');
    const orderId = await world.held(run, [1], { user });
    expect(await closeForEnd(world)(orderId, 'cancelled')).toMatchObject({ now: 'releasing' });
    world.time.now = instantSchema.parse('2026-12-01T16:01:00.000Z');
    await releaseForEnd(world)(orderId);
    expect((await counts()).ended).toEqual(new Map([['2026-12-01', 1]]));
    await expectClean(run);
  });

  test('an order paid in time never counts, and one paid late is given back', async () => {
    const run = await world.openRun('2026-12-20', 4);
    const inTime = await world.held(run, [1], { user });
    const payment = await world.pay(inTime);
    world.buyerPays(payment);
    await world.notify(payment);
    await applyPayment(world)(payment.paymentId);
    expect((await counts()).ended).toEqual(new Map());

    const late = await world.held(run, [2], { user });
    const latePayment = await world.pay(late);
    world.time.now = instantSchema.parse('2026-12-01T00:20:30.000Z');
    world.bank.state.silent = true;
    await cleanUp(world.dependencies)({ hasTime: () => true });
    world.pass(300);
    await cleanUp(world.dependencies)({ hasTime: () => true });
    await world.standing(late, 'expired');
    expect((await counts()).ended).toEqual(new Map([['2026-12-01', 1]]));
    // The day after: it is given back on the day it was counted on.
    world.time.now = instantSchema.parse('2026-12-02T00:00:00.000Z');
    world.bank.state.silent = false;
    world.buyerPays(latePayment);
    await world.notify(latePayment);
    expect(await applyPayment(world)(latePayment.paymentId)).toMatchObject({ now: 'paid' });
    expect(await counts()).toMatchObject({
      ended: new Map([['2026-12-01', 0]]),
      seats: new Map([[run.runId, 2]]),
    });
    expect((await world.standing(late, 'paid')).endsOn).toBeUndefined();
    for (const orderId of [inTime, late]) await issuePaidOrder(world)(orderId);
    await expectClean(run);
  });

  test('a hold that never came to be does not count', async () => {
    const run = await world.openRun('2026-12-20', 4);
    const bookings = by(world.bookings, (command, send) =>
      command instanceof TransactWriteCommand ? Promise.reject(new Error('no answer')) : send(command),
    );
    expect(await orderFor({ ...world.dependencies, bookings }, run, [1], { user })).toEqual(
      refusedFor('busy'),
    );
    expect(await counts()).toMatchObject({ openOrders: 0, ended: new Map(), seats: new Map() });
    await expectClean(run);
  });

  test('one that ends between the reading and the commit of another hold refuses it, and nothing is left', async () => {
    const run = await world.openRun('2026-12-20', 4);
    for (const n of [1, 2]) await holdAndCancel(run, n);
    const third = await world.held(run, [3], { user });
    let isFirst = true;
    const bookings = by(world.bookings, async (command, send) => {
      if (command instanceof TransactWriteCommand && isFirst) {
        isFirst = false;
        await cancel(third);
      }
      return send(command);
    });
    expect(await orderFor({ ...world.dependencies, bookings }, run, [4], { user })).toEqual(
      refusedFor('too-many-ended-orders'),
    );
    expect((await world.pieces(run)).filter(({ owner }) => owner !== 'free')).toEqual([]);
    await expectClean(run);
  });

  test('without the limit nobody is blocked, and the count goes on', async () => {
    const run = await world.openRun('2026-12-20', 4);
    world.dependencies.carrier = {
      ...world.carrier,
      openOrdersMax: 'unlimited',
      endedOrdersPerDayMax: 'unlimited',
      seatsPerRunMax: 'unlimited',
      timeConflictsPerDayMax: 'unlimited',
    };
    for (const n of [1, 2, 3, 4]) await holdAndCancel(run, n);
    expect((await counts()).ended).toEqual(new Map([['2026-12-01', 4]]));
    await expectClean(run);
  });
});

describe('seats of a user on a run', () => {
  const party = (first: number, size: number) => Array.from({ length: size }, (_, n) => first + n);

  test('are as many as the profile says, and no more, until some are given back', async () => {
    const run = await world.openRun('2026-12-20', 6);
    const other = await world.openRun('2026-12-21', 6);
    const first = await world.held(run, party(1, 9), { user });
    await world.held(run, party(11, 8), { user });
    expect(await world.order(run, party(21, 2), { user })).toEqual(refusedFor('too-many-seats'));
    await world.held(run, party(21, 1), { user });
    expect(await world.order(run, [31], { user })).toEqual(refusedFor('too-many-seats'));
    await world.held(other, [31], { user });
    await cancel(first);
    await world.held(run, party(41, 9), { user });
    expect(await world.order(run, [61], { user })).toEqual(refusedFor('too-many-seats'));
    await expectClean(run, other);
  });

  test('are as many when they are asked for at once', async () => {
    const run = await world.openRun('2026-12-20', 10);
    const asked = [1, 11, 21, 31, 41].map((n) => world.order(run, party(n, 9), { user }));
    const answers = await Promise.all(asked);
    expect(answers.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(2);
    for (const each of answers) if (each.outcome === 'rejected') expect(each.reason).toBe('too-many-seats');
    expect((await counts()).seats).toEqual(new Map([[run.runId, 18]]));
    await expectClean(run);
  });

  test('are given back when a paid order cannot be issued', async () => {
    const run = await world.openRun('2026-12-20', 4);
    const orderId = await world.held(run, [1, 2], { user });
    const payment = await world.pay(orderId);
    world.buyerPays(payment);
    await world.notify(payment);
    await applyPayment(world)(payment.paymentId);
    expect((await counts()).seats).toEqual(new Map([[run.runId, 2]]));
    await refundPaidOrder(world)(orderId);
    expect((await counts()).seats).toEqual(new Map([[run.runId, 0]]));
  });

  test('of runs and days that are over, and of none, are forgotten with the next hold', async () => {
    const [past, empty, next] = [
      await world.openRun('2026-12-02', 4),
      await world.openRun('2026-12-24', 4),
      await world.openRun('2026-12-25', 4),
    ];
    await world.held(past, [1], { user });
    await holdAndCancel(empty, 2);
    world.time.now = instantSchema.parse('2026-12-10T00:00:00.000Z');
    await world.held(next, [3], { user });
    expect(await counts()).toMatchObject({ ended: new Map(), seats: new Map([[next.runId, 1]]) });
  });

  test('that were none when they were read are counted when they were taken since', async () => {
    const [run, other] = [await world.openRun('2026-12-24', 4), await world.openRun('2026-12-25', 4)];
    await holdAndCancel(run, 1);
    let isFirst = true;
    const bookings = by(world.bookings, async (command, send) => {
      if (command instanceof TransactWriteCommand && isFirst) {
        isFirst = false;
        await world.held(run, [2, 3], { user });
      }
      return send(command);
    });
    const placed = await orderFor({ ...world.dependencies, bookings }, other, [4], { user });
    expect(placed).toMatchObject({ outcome: 'accepted' });
    expect((await counts()).seats).toEqual(
      new Map([
        [run.runId, 2],
        [other.runId, 1],
      ]),
    );
    await expectClean(run, other);
  });
});

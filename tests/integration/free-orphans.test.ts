import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { readAvailability } from '../../shared/inventory/availability-store.ts';
import type { Owner } from '../../shared/inventory/model.ts';
import { keyOfOrder } from '../../shared/orders/change-store.ts';
import { itemsOf, type Order } from '../../shared/orders/model.ts';
import { orderOfOwner } from '../../shared/inventory/owner.ts';
import { readOrder } from '../../shared/orders/store.ts';
import type { Table } from '../../shared/platform/dynamo.ts';
import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { freeOrphans } from '../../shared/upkeep/free-orphans.ts';
import { watchHolds } from '../../shared/upkeep/watch-holds.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import { closeForEnd, releaseForEnd } from '../support/order-by-id.ts';
import { followStream } from '../simulation/streams.ts';
import { by } from '../support/faulty-table.ts';
import { orderFor } from '../support/order-for.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
beforeEach(async () => {
  world = await purchaseWorld();
});
afterEach(() => world.stop());

/**
 * The table to one driver, whose first transaction waits until `thaw`, as if its function had been frozen; everybody
 * else goes on. `frozen` is there once it waits.
 */
const frozenAtCommit = (table: Table) => {
  const [thawed, frozen] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow = by(table, async (command, send) => {
    if (command instanceof TransactWriteCommand) {
      frozen.resolve();
      await thawed.promise;
    }
    return send(command);
  });
  return { bookings: slow, frozen: frozen.promise, thaw: () => thawed.resolve() };
};

const reconcile = (hasTime = () => true) => freeOrphans(world)({ hasTime, sweepEverySeconds: 0 });

test('a driver frozen between its hold and its commit wakes up to a void order, and its seats are sold once', async () => {
  const run = await world.openRun('2026-12-20', 1);
  const { bookings, frozen, thaw } = frozenAtCommit(world.bookings);
  const late = orderFor({ ...world.dependencies, bookings }, run, [1, 2, 3]);
  await frozen;
  expect(await world.owned(run)).toHaveLength(3);
  expect(await reconcile()).toMatchObject({ checked: 0, freed: 0, done: true });

  world.pass(121);
  expect(await reconcile()).toMatchObject({
    checked: 3,
    freed: 3,
    voided: 1,
    fenced: 0,
    failed: [],
    done: true,
  });
  const sold = await Promise.all([4, 5, 6, 7, 8].map((n) => world.held(run, [n])));
  thaw();
  expect(await late).toEqual({ outcome: 'rejected', reason: 'busy' });

  const owners = (await world.owned(run)).map(({ owner }) => orderOfOwner(owner as Owner));
  expect(owners.toSorted()).toEqual(sold.toSorted());
  expect(await reconcile()).toMatchObject({ freed: 0, voided: 0, fenced: 0 });
  await world.expectClean(run);
});

test('a driver that wakes up before anybody looked sells its seats, and nobody touches them', async () => {
  const run = await world.openRun('2026-12-20', 1);
  const { bookings, frozen, thaw } = frozenAtCommit(world.bookings);
  const late = orderFor({ ...world.dependencies, bookings }, run, [1]);
  await frozen;
  world.pass(600);
  thaw();
  expect(await late).toMatchObject({ outcome: 'accepted' });
  expect(await reconcile()).toMatchObject({ checked: 1, freed: 0, voided: 0, fenced: 0 });
  expect(await world.owned(run)).toHaveLength(1);
});

/** An order that ended, and then was paid at its provider. */
const endedAndPaid = async (run: Awaited<ReturnType<PurchaseWorld['openRun']>>) => {
  const orderId = await world.held(run, [1]);
  const payment = await world.pay(orderId);
  world.bank.trades.delete(payment.paymentId);
  world.pass(1300);
  await closeForEnd(world)(orderId, 'expired');
  await releaseForEnd(world)(orderId);
  await recordNotification(world)('alipay', {
    notificationId: 'n-1',
    paymentNumber: payment.paymentId,
    says: { kind: 'captured', providerTrade: 'trade-1', paid: payment.amount },
  });
  return { orderId, payment };
};

test('one that is frozen in a late payment is fenced, and the money still finds its use', async () => {
  const run = await world.openRun('2026-12-20', 1);
  const { orderId, payment } = await endedAndPaid(run);
  const { bookings, frozen, thaw } = frozenAtCommit(world.bookings);
  const late = applyPayment({ ...world.dependencies, bookings })(payment.paymentId);
  await frozen;
  const [taken] = await world.owned(run);
  world.pass(121);
  expect(await reconcile()).toMatchObject({ checked: 1, freed: 1, fenced: 1, voided: 0 });
  for (const n of [4, 5, 6, 7, 8]) await world.held(run, [n]);
  thaw();
  expect(await late).toMatchObject({ now: 'refund-requested' });
  const order = await world.standing(orderId, 'refunding');
  expect([...(order.fenced ?? [])]).toContain(taken!.owner);
  expect(await world.owned(run)).toHaveLength(5);
});

test('two reconcilers at once do each thing once, and none does harm', async () => {
  const run = await world.openRun('2026-12-20', 2);
  const { bookings, frozen, thaw } = frozenAtCommit(world.bookings);
  const late = orderFor({ ...world.dependencies, bookings }, run, [1, 2]);
  await frozen;
  await world.held(run, [3]);
  world.pass(121);
  const reports = await Promise.all([reconcile(), reconcile(), reconcile()]);
  expect(reports.reduce((total, { voided }) => total + voided, 0)).toBe(1);
  expect(reports.flatMap(({ failed }) => failed)).toEqual([]);
  expect(await world.owned(run)).toHaveLength(1);
  thaw();
  expect(await late).toMatchObject({ outcome: 'rejected' });
  await world.expectClean(run);
});

test('living orders are never touched, whatever their state', async () => {
  const run = await world.openRun('2026-12-20', 2);
  const held = await world.held(run, [1, 2]);
  const closing = await world.held(run, [3]);
  const { paymentId, amount } = await world.pay(held);
  await world.pay(closing);
  world.bank.state.silent = true;
  expect(await closeForEnd(world)(closing, 'cancelled')).toMatchObject({ reason: 'payments-unfinished' });
  world.bank.state.silent = false;
  await recordNotification(world)('alipay', {
    notificationId: 'n-2',
    paymentNumber: paymentId,
    says: { kind: 'captured', providerTrade: 'trade-2', paid: amount },
  });
  await applyPayment(world)(paymentId);
  world.pass(121);
  expect(await reconcile()).toMatchObject({ checked: 3, freed: 0, fenced: 0, voided: 0 });
  expect(await world.owned(run)).toHaveLength(3);
});

test('a piece of an item that was released is given back without a fence', async () => {
  const run = await world.openRun('2026-12-20', 1);
  const orderId = await world.held(run, [1]);
  const { bookings } = world;
  await bookings.client.send(
    new UpdateCommand({
      TableName: bookings.name,
      Key: keyOfOrder(orderId),
      UpdateExpression: 'SET #items.#one.#state = :released',
      ExpressionAttributeNames: { '#items': 'items', '#one': '1', '#state': 'state' },
      ExpressionAttributeValues: { ':released': 'released' },
    }),
  );
  world.pass(121);
  expect(await reconcile()).toMatchObject({ checked: 1, freed: 1, fenced: 0, voided: 0 });
  const order = (await readOrder(bookings, orderId, { consistent: true })) as Exclude<
    Order,
    { state: 'void' }
  >;
  expect(order.fenced).toBeUndefined();
  expect(itemsOf(order)).toHaveLength(1);
  expect(await world.owned(run)).toEqual([]);
});

test('a sweep that is cut short goes on where it stopped, and the next begins a day later', async () => {
  const runs = [];
  for (let day = 10; day < 16; day += 1) runs.push(await world.openRun(`2026-12-${day}`, 2));
  for (const [n, run] of runs.entries()) await world.held(run, [n], { from: 0, to: 1 });
  world.pass(121);
  const place = async () => {
    const { bookings } = world;
    const Key = { pk: 'SCAN#free-orphans', sk: 'PLACE' };
    return (await bookings.client.send(new GetCommand({ TableName: bookings.name, Key }))).Item;
  };
  const sweep = (runsMax: number) => {
    let asked = 0;
    return freeOrphans(world)({ hasTime: () => (asked += 1) <= runsMax });
  };
  const startedAt = world.time.now;
  expect(await sweep(0)).toMatchObject({ runs: 0, done: false });
  expect(await sweep(4)).toMatchObject({ runs: 4, checked: 4, done: false });
  expect(await place()).toMatchObject({ startedAt, after: '2026-12-14' });
  expect(await sweep(9)).toMatchObject({ runs: 2, checked: 2, done: true });
  expect(await place()).toEqual({ pk: 'SCAN#free-orphans', sk: 'PLACE', startedAt });
  world.pass(86_000);
  expect(await sweep(9)).toMatchObject({ runs: 0, done: true });
  world.pass(400);
  expect(await sweep(9)).toMatchObject({ runs: 6, checked: 6, done: true });
  world.pass(-7 * 86_400);
  expect(await sweep(9)).toMatchObject({ runs: 6, done: true });
});

test('a sweep counts each run anew, so that a view whose changes were all lost is the truth again', async () => {
  const run = await world.openRun('2026-12-20', 1);
  for (let n = 1; n <= 5; n += 1) await world.held(run, [n]);
  expect(await reconcile()).toMatchObject({ runs: 1, failed: [] });
  const view = (await readAvailability(world.availability, [run.runId])).get(run.runId);
  expect([...(view?.free['second'] ?? [])]).toEqual([0, 0, 0, 0, 0, 0]);
});

const time = { timeLeft: () => 10_000, itemMilliseconds: 1000 };

/** The changes of seats since the last look, as the stream tells them. */
const followSeats = async () => {
  const dynamo = new DynamoDBClient({
    endpoint: world.tables.endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const stream = await followStream(dynamo, world.tables.endpoint, world.inventory.name);
  return {
    watch: async () => watchHolds(world)(await stream.read(), time),
    stop: () => {
      stream.stop();
      dynamo.destroy();
    },
  };
};

const clean = () => cleanUp(world.dependencies)({ hasTime: () => true });

test('what the stream tells is looked at once: named pieces are never looked at again, the others judged in minutes', async () => {
  const run = await world.openRun('2026-12-20', 1);
  const { watch, stop } = await followSeats();
  try {
    await world.held(run, [1]);
    expect(await watch()).toEqual({ checked: 1, suspected: 0, failed: [] });
    const { bookings, frozen, thaw } = frozenAtCommit(world.bookings);
    const late = orderFor({ ...world.dependencies, bookings }, run, [2, 3]);
    await frozen;
    expect(await watch()).toEqual({ checked: 2, suspected: 1, failed: [] });
    expect(await clean()).toMatchObject({ failed: [] });
    expect(await world.owned(run)).toHaveLength(3);
    world.pass(121);
    expect(await clean()).toEqual({ seen: 1, failed: [] });
    expect(await world.owned(run)).toHaveLength(1);
    thaw();
    expect(await late).toMatchObject({ outcome: 'rejected' });
    expect(await clean()).toEqual({ seen: 0, failed: [] });
    expect(await watch()).toMatchObject({ suspected: 0 });
    await world.expectClean(run);
  } finally {
    stop();
  }
});

test('a suspect whose commit was only slow is let go, and lands in no report', async () => {
  const run = await world.openRun('2026-12-20', 1);
  const { watch, stop } = await followSeats();
  try {
    const { bookings, frozen, thaw } = frozenAtCommit(world.bookings);
    const late = orderFor({ ...world.dependencies, bookings }, run, [2]);
    await frozen;
    expect(await watch()).toMatchObject({ suspected: 1 });
    thaw();
    expect(await late).toMatchObject({ outcome: 'accepted' });
    world.pass(121);
    expect(await clean()).toMatchObject({ failed: [] });
    expect(await world.owned(run)).toHaveLength(1);
    await world.expectClean(run);
  } finally {
    stop();
  }
});

import { GetCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { auditTables } from '../../shared/audit/scan.ts';
import type { Owner } from '../../shared/inventory/model.ts';
import { keyOfOrder } from '../../shared/orders/change-store.ts';
import { itemsOf, type Order } from '../../shared/orders/model.ts';
import { orderOfOwner } from '../../shared/inventory/owner.ts';
import { readOrder } from '../../shared/orders/store.ts';
import type { Table } from '../../shared/platform/dynamo.ts';
import { applyPayment } from '../../shared/purchase/apply-payment.ts';
import { closeForEnd, releaseForEnd } from '../../shared/purchase/end-order.ts';
import { freeOrphans } from '../../shared/purchase/free-orphans.ts';
import { recordNotification } from '../../shared/purchase/record-notification.ts';
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

const reconcile = (hasTime = () => true) => freeOrphans(world)({ hasTime });
const owned = async (run: Awaited<ReturnType<PurchaseWorld['openRun']>>) =>
  (await world.pieces(run)).filter(({ owner }) => owner !== 'free');
const expectClean = async (run: Awaited<ReturnType<PurchaseWorld['openRun']>>) => {
  await world.count(run);
  expect((await auditTables({ ...world.dependencies, secondLookMilliseconds: 1 })).findings).toEqual([]);
};

test('a driver frozen between its hold and its commit wakes up to a void order, and its seats are sold once', async () => {
  const run = await world.openRun('2026-12-20', 1);
  const { bookings, frozen, thaw } = frozenAtCommit(world.bookings);
  const late = orderFor({ ...world.dependencies, bookings }, run, [1, 2, 3]);
  await frozen;
  expect(await owned(run)).toHaveLength(3);
  expect(await reconcile()).toMatchObject({ looked: 0, freed: 0, done: true });

  world.pass(121);
  expect(await reconcile()).toEqual({ looked: 3, freed: 3, voided: 1, fenced: 0, failed: [], done: true });
  const sold = await Promise.all([4, 5, 6, 7, 8].map((n) => world.held(run, [n])));
  thaw();
  expect(await late).toEqual({ outcome: 'rejected', reason: 'busy' });

  const owners = (await owned(run)).map(({ owner }) => orderOfOwner(owner as Owner));
  expect(owners.toSorted()).toEqual(sold.toSorted());
  expect(await reconcile()).toMatchObject({ freed: 0, voided: 0, fenced: 0 });
  await expectClean(run);
});

test('a driver that wakes up before anybody looked sells its seats, and nobody touches them', async () => {
  const run = await world.openRun('2026-12-20', 1);
  const { bookings, frozen, thaw } = frozenAtCommit(world.bookings);
  const late = orderFor({ ...world.dependencies, bookings }, run, [1]);
  await frozen;
  world.pass(600);
  thaw();
  expect(await late).toMatchObject({ outcome: 'accepted' });
  expect(await reconcile()).toMatchObject({ looked: 1, freed: 0, voided: 0, fenced: 0 });
  expect(await owned(run)).toHaveLength(1);
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
  const [taken] = await owned(run);
  world.pass(121);
  expect(await reconcile()).toMatchObject({ looked: 1, freed: 1, fenced: 1, voided: 0 });
  for (const n of [4, 5, 6, 7, 8]) await world.held(run, [n]);
  thaw();
  expect(await late).toBe('refund-requested');
  const order = await world.standing(orderId, 'refunding');
  expect([...(order.fenced ?? [])]).toContain(taken!.owner);
  expect(await owned(run)).toHaveLength(5);
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
  expect(await owned(run)).toHaveLength(1);
  thaw();
  expect(await late).toMatchObject({ outcome: 'rejected' });
  await expectClean(run);
});

test('living orders are never touched, whatever their state', async () => {
  const run = await world.openRun('2026-12-20', 2);
  const held = await world.held(run, [1, 2]);
  const closing = await world.held(run, [3]);
  const { paymentId, amount } = await world.pay(held);
  await world.pay(closing);
  world.bank.state.silent = true;
  expect(await closeForEnd(world)(closing, 'cancelled')).toBe('unfinished');
  world.bank.state.silent = false;
  await recordNotification(world)('alipay', {
    notificationId: 'n-2',
    paymentNumber: paymentId,
    says: { kind: 'captured', providerTrade: 'trade-2', paid: amount },
  });
  await applyPayment(world)(paymentId);
  world.pass(121);
  expect(await reconcile()).toMatchObject({ looked: 3, freed: 0, fenced: 0, voided: 0 });
  expect(await owned(run)).toHaveLength(3);
});

test('a piece of an item that died is given back without a fence', async () => {
  const run = await world.openRun('2026-12-20', 1);
  const orderId = await world.held(run, [1]);
  const { bookings } = world;
  await bookings.client.send(
    new UpdateCommand({
      TableName: bookings.name,
      Key: keyOfOrder(orderId),
      UpdateExpression: 'SET #items.#one.dead = :true',
      ExpressionAttributeNames: { '#items': 'items', '#one': '1' },
      ExpressionAttributeValues: { ':true': true },
    }),
  );
  world.pass(121);
  expect(await reconcile()).toMatchObject({ looked: 1, freed: 1, fenced: 0, voided: 0 });
  const order = (await readOrder(bookings, orderId, { consistent: true })) as Exclude<
    Order,
    { state: 'void' }
  >;
  expect(order.fenced).toBeUndefined();
  expect(itemsOf(order)).toHaveLength(1);
  expect(await owned(run)).toEqual([]);
});

test('a scan that is cut short goes on where it stopped, and begins again at its end', async () => {
  const runs = [];
  for (let day = 10; day < 19; day += 1) runs.push(await world.openRun(`2026-12-${day}`, 40));
  // Each run has four shards, so that there is more than one page of them.
  let person = 0;
  for (const run of runs)
    for (let n = 0; n < 8; n += 1) await world.held(run, [(person += 1)], { from: 0, to: 1 });
  world.pass(121);
  const place = async (): Promise<unknown> => {
    const { bookings } = world;
    const Key = { pk: 'SCAN#free-orphans', sk: 'PLACE' };
    return (await bookings.client.send(new GetCommand({ TableName: bookings.name, Key }))).Item?.['after'];
  };
  let looked = 0;
  const passes = [];
  for (let pass = 0; pass < 9; pass += 1) {
    let pages = 0;
    const report = await reconcile(() => (pages += 1) <= 1);
    looked += report.looked;
    passes.push(report.done);
    if (report.done) break;
    expect(await place()).toBeDefined();
  }
  expect(passes.length).toBeGreaterThan(1);
  expect(passes.at(-1)).toBe(true);
  expect(looked).toBe(72);
  expect(await place()).toBeUndefined();
  expect(await reconcile()).toMatchObject({ looked: 72, done: true });
});

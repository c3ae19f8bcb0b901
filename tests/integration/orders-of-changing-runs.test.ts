import { itemsOf } from '../../shared/orders/model.ts';
import type { Payment } from '../../shared/payments/model.ts';
import { orderIdSchema } from '../../shared/platform/ids.ts';
import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import { beginChange, abandonChange } from '../../shared/timetable/change-store.ts';
import { freezeRun } from '../../shared/timetable/store.ts';
import { changeRun, closeShards, reopenLeftShards } from '../../shared/runs/change-run.ts';
import { shardsOfRun } from '../../shared/inventory/shards.ts';
import { readShards } from '../../shared/inventory/store.ts';
import { isOwned } from '../../shared/runs/rules.ts';
import { issuePaidOrder } from '../support/order-by-id.ts';
import { runWorld, type RunWorld } from '../support/run-world.ts';
import { orderFor } from '../support/order-for.ts';
import { isClose, isFlip, isFreeze, stoppingAt } from '../support/stopping-table.ts';
import { accepted, rejected } from '../../shared/platform/outcome.ts';

let world: RunWorld;
beforeAll(async () => {
  world = await runWorld();
});
afterAll(() => world.stop());

const captured = ({ paymentId, amount }: Payment) =>
  recordNotification(world.dependencies)('alipay', {
    notificationId: `n-${paymentId}`,
    paymentNumber: paymentId,
    says: { kind: 'captured', providerTrade: `trade-${paymentId}`, paid: amount },
  });
const cleanedUp = () => cleanUp(world.dependencies)({ hasTime: () => true });

describe('a hold', () => {
  test('that meets a change begins anew with the run as it is then: its times, its seats, its fare', async () => {
    const { run, fresh } = await world.behind('A1', { leaves: 10, coaches: [2], fare: 7000 });
    const { table, reached, goOn } = stoppingAt(world.timetable, isFlip);
    const follow = changeRun({ ...world.dependencies, timetable: table }, run, fresh!);
    await reached;
    const ordering = world.held(run, [1]);
    goOn();
    expect(await follow).toEqual(accepted({}));
    const order = await world.standing(await ordering, 'held');
    expect(order.departsAt).toBe(fresh!.stops[0]!.departs);
    expect(order.amount.amount).toBe(21_000);
    expect(itemsOf(order)[0]!.place.shard.generation).toBe(2);
  });

  test('that meets a change nobody goes on with is busy, not sold out, until the clean-up has seen to it', async () => {
    const { run, newest } = await world.behind('A2');
    await beginChange(world.timetable, run, newest.version);
    await closeShards(world.inventory, run, 1);
    expect(await world.order(run, [2])).toEqual({ outcome: 'rejected', reason: 'busy' });
    await world.count(run);
    expect(await world.order(run, [2])).toEqual({ outcome: 'rejected', reason: 'busy' });
    await cleanedUp();
    expect(await world.order(run, [2])).toMatchObject({ outcome: 'accepted' });
    expect(await world.frozen('A2')).toMatchObject({ generation: 2 });
  });

  test('that others had frozen in another version meanwhile is drafted from what they froze', async () => {
    const old = await world.inForce('A3');
    const stale = await world.runOf('A3', old);
    const newest = await world.inForce('A3', { leaves: 10, coaches: [2], fare: 7000 });
    const { table, reached, goOn } = stoppingAt(world.timetable, isFreeze);
    const placing = orderFor(
      { ...world.dependencies, timetable: table },
      await world.runOf('A3', newest),
      [3],
    );
    await reached;
    // Who had read the timetable before the import comes late.
    await freezeRun(world.timetable, stale);
    goOn();
    const placed = await placing;
    if (placed.outcome === 'rejected') throw new Error(placed.reason);
    const order = await world.standing(orderIdSchema.parse(placed.answer), 'held');
    expect(order.departsAt).toBe(stale.stops[0]!.departs);
    // The fare is the order's own, so it is of the version in force.
    expect(order.amount.amount).toBe(21_000);
  });

  test('that others had frozen with other stops meanwhile goes to the stop it was asked for', async () => {
    const old = await world.inForce('A8');
    const stale = await world.runOf('A8', old);
    const newest = await world.inForce('A8', { leaves: 10, stops: ['S0', 'S2', 'S3'] });
    const { table, reached, goOn } = stoppingAt(world.timetable, isFreeze);
    const placing = orderFor(
      { ...world.dependencies, timetable: table },
      await world.runOf('A8', newest),
      [8],
      { to: 2 },
    );
    await reached;
    await freezeRun(world.timetable, stale);
    goOn();
    const placed = await placing;
    if (placed.outcome === 'rejected') throw new Error(placed.reason);
    const order = await world.standing(orderIdSchema.parse(placed.answer), 'held');
    expect([order.to.stopId, order.to.arrives]).toEqual(['S2', '2026-12-02T09:55:00+08:00']);
    expect(itemsOf(order)[0]!.place.piece).toMatchObject({ from: 0, to: 2 });
  });

  test('of one who froze late is the last that follows nothing: the run is noted, and follows when it has ended', async () => {
    const old = await world.inForce('A4');
    const { table, reached, goOn } = stoppingAt(world.timetable, isFreeze);
    const placing = orderFor({ ...world.dependencies, timetable: table }, await world.runOf('A4', old), [4]);
    await reached;
    const newest = await world.inForce('A4', { leaves: 11 });
    goOn();
    const placed = await placing;
    if (placed.outcome === 'rejected') throw new Error(placed.reason);
    await cleanedUp();
    expect(await world.frozen('A4')).toMatchObject({ version: old.version });
    world.pass(1300);
    await cleanedUp();
    world.pass(400);
    await cleanedUp();
    expect(await world.frozen('A4')).toMatchObject({ version: newest.version, generation: 2 });
  });

  test('is refused where the newest version has the train no more, or not at that stop, or without a fare', async () => {
    const { run } = await world.behind('A5', { isGone: true });
    expect(await world.order(run, [5])).toMatchObject({ reason: 'not-on-sale' });
    const { run: shorter } = await world.behind('A6', { stops: ['S0', 'S1'] });
    expect(await world.order(shorter, [5])).toMatchObject({ reason: 'not-on-sale' });
    expect(await world.order(shorter, [5], { to: 1 })).toMatchObject({ outcome: 'accepted' });
    const { run: unpriced } = await world.behind('A7', { leaves: 9, stops: ['S0', 'X', 'S3'] });
    expect(await world.order(unpriced, [6], { to: 1 })).toMatchObject({ reason: 'not-on-sale' });
  });
});

describe('late money', () => {
  const expiredOrder = async (name: string, person: number, coaches = [3, 3]) => {
    const old = await world.inForce(name, { coaches });
    const run = await freezeRun(world.timetable, await world.runOf(name, old));
    const orderId = await world.held(run, [person]);
    const payment = await world.pay(orderId);
    world.bank.trades.set(payment.paymentId, { state: 'closed' });
    world.pass(1300);
    await cleanedUp();
    await world.standing(orderId, 'expired');
    const newest = await world.inForce(name, { leaves: 10, coaches: [2] });
    return { run, orderId, payment, newest };
  };

  test('of an order of before the change goes back, and takes no seat of the run as it is', async () => {
    const { orderId, payment } = await expiredOrder('B1', 11);
    expect(await world.follow('B1')).toBe('changed');
    world.buyerPays(payment);
    await captured(payment);
    expect(await applyPayment(world.dependencies)(payment.paymentId)).toMatchObject({
      now: 'refund-requested',
    });
    await world.standing(orderId, 'refunding');
    const shards = await readShards(
      world.inventory,
      shardsOfRun(await world.frozen('B1')).map(({ key }) => key),
    );
    expect(shards.some((shard) => shard && isOwned(shard))).toBe(false);
  });

  test('waits while its run is only being changed, and takes its seats when the change is given up', async () => {
    const { run, orderId, payment, newest } = await expiredOrder('B2', 12);
    await beginChange(world.timetable, run, newest.version);
    await closeShards(world.inventory, run, 1);
    world.buyerPays(payment);
    await captured(payment);
    expect(await applyPayment(world.dependencies)(payment.paymentId)).toMatchObject({ reason: 'seats-busy' });
    await abandonChange(world.timetable, run, 1);
    await reopenLeftShards(world.dependencies, await world.frozen('B2'));
    expect(await applyPayment(world.dependencies)(payment.paymentId)).toMatchObject({ now: 'paid' });
    await world.standing(orderId, 'paid');
  });

  test('whose seats it took before the shards were closed keeps the run as it was', async () => {
    const { run, orderId, payment, newest } = await expiredOrder('B3', 13, [3]);
    const { table, reached, goOn } = stoppingAt(world.inventory, isClose);
    const fresh = await world.runOf('B3', newest);
    const change = changeRun({ ...world.dependencies, inventory: table }, run, fresh);
    await reached;
    world.buyerPays(payment);
    await captured(payment);
    expect(await applyPayment(world.dependencies)(payment.paymentId)).toMatchObject({ now: 'paid' });
    goOn();
    expect(await change).toEqual(rejected('owned'));
    await world.standing(orderId, 'paid');
  });
});

test('a paid order is issued while its run is being changed, and not paid back', async () => {
  const { run, newest } = await world.behind('C1');
  const orderId = await world.held(run, [21]);
  const payment = await world.pay(orderId);
  world.buyerPays(payment);
  await captured(payment);
  await applyPayment(world.dependencies)(payment.paymentId);
  await beginChange(world.timetable, run, newest.version);
  await closeShards(world.inventory, run, 1);
  expect(await issuePaidOrder(world.dependencies)(orderId)).toMatchObject({ outcome: 'accepted' });
  expect(await world.follow('C1')).toBe('kept');
  expect(await world.closedIn(run)).toEqual([undefined, undefined]);
  expect(await world.frozen('C1')).toMatchObject({ generation: 1, version: run.version });
});

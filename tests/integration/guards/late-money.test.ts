import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { itemsOf } from '../../../shared/orders/model.ts';
import { readOrder } from '../../../shared/orders/store.ts';
import type { Payment } from '../../../shared/payments/model.ts';
import { applyPayment } from '../../../shared/paying/apply-payment.ts';
import { recordNotification } from '../../../shared/paying/record-notification.ts';
import type { OrderId } from '../../../shared/platform/ids.ts';
import { closeShards } from '../../../shared/runs/change-run.ts';
import { beginChange } from '../../../shared/timetable/change-store.ts';
import { freezeRun } from '../../../shared/timetable/store.ts';
import { by } from '../../support/faulty-table.ts';
import { runWorld, type RunWorld } from '../../support/run-world.ts';
import { stoppingAt, type Sent } from '../../support/stopping-table.ts';

/* T10, where an applier dies, freezes, or hears no answer. */

let world: RunWorld;
beforeEach(async () => {
  world = await runWorld();
});
afterEach(() => world.stop());

const apply = ({ paymentId }: Payment, more = {}) =>
  applyPayment({ ...world.dependencies, ...more })(paymentId);

const paidTooLate = async (name: string) => {
  const run = await freezeRun(world.timetable, await world.runOf(name, await world.inForce(name)));
  const orderId = await world.held(run, [1]);
  const payment = await world.pay(orderId);
  world.bank.trades.set(payment.paymentId, { state: 'closed' });
  world.pass(1300);
  await world.sweep();
  await world.standing(orderId, 'expired');
  world.buyerPays(payment);
  await recordNotification(world.dependencies)('alipay', {
    notificationId: `n-${payment.paymentId}`,
    paymentNumber: payment.paymentId,
    says: { kind: 'captured', providerTrade: 'trade', paid: payment.amount },
  });
  /** The owners of the order's seats, by the order and by the shards. */
  const owners = async () => ({
    named: itemsOf(await world.standing(orderId, 'paid')).map(({ place }) => place.owner),
    owning: (await world.pieces(run)).flatMap(({ owner }) => (owner === 'free' ? [] : [owner])),
  });
  return { run, orderId, payment, owners };
};

const isT10 = ({ input }: Sent): boolean => {
  const { TransactItems = [] } = input as {
    TransactItems?: { Update?: { ExpressionAttributeValues?: Record<string, unknown> } }[];
  };
  return TransactItems.some(({ Update }) => Update?.ExpressionAttributeValues?.[':expired'] === 'expired');
};

test('an answer that was lost leaves the seats with the order that has them', async () => {
  const { payment, owners } = await paidTooLate('L1');
  let lost = 0;
  const bookings = by(world.bookings, async (command, send) => {
    const answer = await send(command);
    if (!(command instanceof TransactWriteCommand) || !isT10(command as unknown as Sent)) return answer;
    lost += 1;
    throw new Error('no answer');
  });
  expect(await apply(payment, { bookings })).toMatchObject({ now: 'paid' });
  expect(lost).toBe(1);
  const { named, owning } = await owners();
  expect(owning).toEqual(named);
});

test('a request that was lost takes the seats with a new owner, and leaves none of the old one', async () => {
  const { payment, owners } = await paidTooLate('L2');
  let lost = 0;
  const bookings = by(world.bookings, (command, send) => {
    if (!isT10(command as Sent) || (lost += 1) > 1) return send(command);
    return Promise.reject(new Error('no answer'));
  });
  expect(await apply(payment, { bookings })).toMatchObject({ now: 'paid' });
  const { named, owning } = await owners();
  expect(owning).toEqual(named);
});

/** The owners that were fenced off the order. */
const fencedOf = async ({ orderId }: { orderId: OrderId }): Promise<ReadonlySet<string>> => {
  const order = await readOrder(world.bookings, orderId, { consistent: true });
  return (order && order.state !== 'void' && order.fenced) || new Set();
};

test('a write that the database takes for wrong is told at once, and leaves no seat behind', async () => {
  const { run, payment } = await paidTooLate('V1');
  const wrong = { name: 'ValidationException', $fault: 'client' };
  const bookings = by(world.bookings, (command, send) =>
    isT10(command as Sent) ? Promise.reject(Object.assign(new Error('no'), wrong)) : send(command),
  );
  await expect(apply(payment, { bookings })).rejects.toMatchObject({ name: 'ValidationException' });
  expect((await world.pieces(run)).every(({ owner }) => owner === 'free')).toBe(true);
  expect((await fencedOf(payment)).size).toBe(1);
});

test('one that is only too busy is tried again', async () => {
  const { payment } = await paidTooLate('V2');
  const busy = { name: 'ThrottlingException', $fault: 'client' };
  let refused = 0;
  const bookings = by(world.bookings, (command, send) => {
    if (!isT10(command as Sent) || (refused += 1) > 1) return send(command);
    return Promise.reject(Object.assign(new Error('busy'), busy));
  });
  expect(await apply(payment, { bookings })).toMatchObject({ now: 'paid' });
});

test('after fifty tries in vain the money goes back: an order never has more owners fenced off than that', async () => {
  const { run, orderId, payment } = await paidTooLate('V3');
  let lost = 0;
  const bookings = by(world.bookings, (command, send) => {
    if (!isT10(command as Sent) || (lost += 1) > 50) return send(command);
    return Promise.reject(new Error('no answer'));
  });
  let applied = await apply(payment, { bookings });
  for (let calls = 1; applied.outcome === 'rejected' && calls < 30; calls += 1)
    applied = await apply(payment, { bookings });
  expect(applied).toMatchObject({ now: 'refund-requested' });
  expect((await fencedOf(payment)).size).toBe(50);
  expect((await world.pieces(run)).every(({ owner }) => owner === 'free')).toBe(true);
  expect((await world.standing(orderId, 'refunding')).paidBy).toBe(payment.paymentId);
});

test('whoever froze between hold and write is fenced before his seats are freed', async () => {
  const { run, payment, owners } = await paidTooLate('F1');
  const { table, reached, goOn } = stoppingAt(world.bookings, isT10);
  const frozen = apply(payment, { bookings: table });
  await reached;
  world.pass(61);
  expect(await apply(payment)).toMatchObject({ reason: 'seats-busy' });
  expect((await world.pieces(run)).every(({ owner }) => owner === 'free')).toBe(true);
  // He wakes before anybody else has taken them.
  goOn();
  expect(await frozen).toMatchObject({ now: 'paid' });
  const { named, owning } = await owners();
  expect(owning).toEqual(named);
});

test('a change that nobody goes on with is noted by the money that waits for it', async () => {
  const { run, payment } = await paidTooLate('W1');
  const newest = await world.inForce('W1', { leaves: 10, coaches: [2] });
  await beginChange(world.timetable, run, newest.version);
  await closeShards(world.inventory, run, 1);
  expect(await apply(payment)).toMatchObject({ reason: 'seats-busy' });
  await world.sweep();
  expect(await world.frozen('W1')).toMatchObject({ generation: 2 });
});

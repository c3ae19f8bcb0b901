import { listAttention } from '../../../shared/bookings/attention-store.ts';
import { applyPayment } from '../../../shared/paying/apply-payment.ts';
import { giveRefund } from '../../../shared/paying/give-refund.ts';
import { nameOfGrant } from '../../../shared/paying/name-of-grant.ts';
import type { OrderId } from '../../../shared/platform/ids.ts';
import { closeRun } from '../../../shared/runs/close-run.ts';
import { disruptionWorld, type DisruptionWorld } from '../../support/disruption-world.ts';
import { issuePaidOrder } from '../../support/order-by-id.ts';
import { orderFor } from '../../support/order-for.ts';
import { made } from '../../support/refund-world.ts';
import { stoppingAt, type Sent } from '../../support/stopping-table.ts';

/* A job that meets holds, payments, offers and other workers. */

let world: DisruptionWorld;
beforeEach(async () => {
  world = await disruptionWorld();
});
afterEach(() => world.stop());

const leaseSeconds = 60;
const days = 86_400;
const isTransaction = ({ input }: Sent): boolean => 'TransactItems' in input;
const isStep = ({ input }: Sent): boolean => (input.UpdateExpression ?? '').includes('#shardsDone');

const stateOf = async (orderId: OrderId) => (await world.stored(orderId)).tickets.map(({ state }) => state);

/** Paid, and not issued yet. */
const paid = async (...held: Parameters<DisruptionWorld['held']>): Promise<OrderId> => {
  const orderId = await world.held(...held);
  const payment = await world.pay(orderId);
  world.buyerPays(payment);
  await world.notify(payment);
  await applyPayment(world.dependencies)(payment.paymentId);
  return orderId;
};

test('a worker that froze does nothing more once another has taken its job', async () => {
  const run = await world.openRun('2026-12-05', 1);
  await world.issued(run, [1]);
  const jobId = await world.announced(run);
  const { table, reached, goOn } = stoppingAt(world.bookings, isStep);
  const slow = world.work(jobId, { bookings: table });
  await reached;
  world.pass(leaseSeconds);
  await world.work(jobId);
  goOn();
  expect(await slow).toMatchObject({ reason: 'not-due' });
  expect(await world.job(jobId)).toMatchObject({ state: 'waiting', progress: { waived: 1 } });
});

test('a ticket that is issued after its run was closed is waived as well', async () => {
  const run = await world.openRun('2026-12-05', 1);
  const orderId = await paid(run, [1]);
  const { table, reached, goOn } = stoppingAt(world.bookings, isTransaction);
  const issuing = issuePaidOrder({ ...world.dependencies, bookings: table })(orderId);
  await reached;
  await closeRun(world, run.runId);
  goOn();
  expect(await issuing).toMatchObject({ outcome: 'accepted' });
  const jobId = await world.announced(run);
  await world.work(jobId);
  expect((await world.stored(orderId)).tickets).toMatchObject([{ waiver: { jobId } }]);
});

test('a ticket that is issued between the look at its order and the return of its money is waived', async () => {
  const run = await world.openRun('2026-12-05', 1);
  const orderId = await paid(run, [1]);
  const issuing = stoppingAt(world.bookings, isTransaction);
  const issued = issuePaidOrder({ ...world.dependencies, bookings: issuing.table })(orderId);
  await issuing.reached;
  const jobId = await world.announced(run);
  const returning = stoppingAt(world.bookings, isTransaction);
  const working = world.work(jobId, { bookings: returning.table });
  await returning.reached;
  issuing.goOn();
  await issued;
  returning.goOn();
  expect(await working).toMatchObject({ job: { state: 'waiving', unsettled: 1 } });
  world.pass(20);
  await world.work(jobId);
  expect(await world.job(jobId)).toMatchObject({ state: 'waiting', progress: { waived: 1, ended: 0 } });
  expect((await world.stored(orderId)).tickets).toMatchObject([{ state: 'issued', waiver: { jobId } }]);
});

test('an order whose commit is under way is found when it is there', async () => {
  const run = await world.openRun('2026-12-05', 1);
  const { table, reached, goOn } = stoppingAt(world.bookings, isTransaction);
  const placing = orderFor({ ...world.dependencies, bookings: table }, run, [1]);
  await reached;
  const jobId = await world.announced(run);
  expect(await world.work(jobId)).toMatchObject({ job: { state: 'waiving', unsettled: 1 } });
  goOn();
  expect(await placing).toMatchObject({ outcome: 'accepted' });
  world.pass(20);
  expect(await world.work(jobId)).toMatchObject({ job: { state: 'waiting', progress: { ended: 1 } } });
  expect(await world.owned(run)).toEqual([]);
});

test('passengers who accept while the job runs pay no fee, or what was offered before the run was closed', async () => {
  const run = await world.openRun('2026-12-05', 2);
  const orders = [
    await world.issued(run, [1, 2]),
    await world.issued(run, [3], { user: 'user-3' }),
    await world.issued(run, [4], { user: 'user-4' }),
  ];
  const offers = [
    await made(world.offer(orders[0]!, 'user-1', [1])),
    await made(world.offer(orders[1]!, 'user-3')),
  ];
  const jobId = await world.announced(run);
  const [, first, second] = await Promise.all([
    world.work(jobId),
    world.accept(offers[0]!, 'user-1'),
    world.accept(offers[1]!, 'user-3'),
    world.offer(orders[2]!, 'user-4'),
  ]);
  expect([first, second]).toMatchObject([{ outcome: 'accepted' }, { outcome: 'accepted' }]);
  for (let turn = 0; turn < 3; turn += 1) {
    world.pass(60);
    await world.sweep();
  }
  expect(await world.job(jobId)).toMatchObject({ state: 'waiting' });
  expect(await Promise.all(orders.map(stateOf))).toEqual([['refunded', 'issued'], ['refunded'], ['issued']]);
  for (const orderId of orders)
    for (const { refunds, tickets } of [await world.stored(orderId)]) {
      const back = tickets.flatMap((ticket) => (ticket.state === 'refunded' ? [ticket.refund] : []));
      for (const { fee } of back) expect([0, 6000]).toContain(fee.amount);
      expect(refunds.length).toBe(back.length);
    }
  await world.expectClean(run);
});

test('the end of the time to choose and an acceptance: each ticket goes back once', async () => {
  const run = await world.openRun('2026-12-10', 1);
  const orderId = await world.issued(run, [1, 2]);
  const jobId = await world.announced(run);
  await world.work(jobId);
  world.pass(3 * days - 30);
  const offer = await made(world.offer(orderId, 'user-1', [1]));
  const accepting = stoppingAt(world.bookings, isTransaction);
  const accepted = world.accept(offer, 'user-1', { bookings: accepting.table });
  await accepting.reached;
  world.pass(30);
  await world.work(jobId);
  accepting.goOn();
  await accepted;
  for (let turn = 0; turn < 2; turn += 1) {
    world.pass(60);
    await world.sweep();
  }
  const { tickets, refunds } = await world.stored(orderId);
  expect(tickets.map(({ state }) => state)).toEqual(['refunded', 'refunded']);
  expect(refunds.reduce((sum, { amount }) => sum + amount.amount, 0)).toBe(60_000);
  expect(await world.job(jobId)).toMatchObject({ state: 'done' });
  await world.expectClean(run);
});

test('a ticket with an open offer waits, and goes back when the offer is over', async () => {
  const run = await world.openRun('2026-12-10', 1);
  const orderId = await world.issued(run, [1]);
  const jobId = await world.announced(run);
  await world.work(jobId);
  world.pass(3 * days);
  // The run is closed, so an offer is free of charge also after the waiver.
  await made(world.offer(orderId, 'user-1'));
  expect(await world.work(jobId)).toMatchObject({ job: { state: 'refunding', unsettled: 1 } });
  world.pass(600);
  expect(await world.work(jobId)).toMatchObject({ job: { state: 'done', progress: { refunded: 1 } } });
});

test('a person hears of a ticket that stays unsettled, and the others are paid back', async () => {
  const run = await world.openRun('2026-12-10', 1);
  const orderId = await world.issued(run, [1]);
  const other = await world.issued(run, [2], { user: 'user-2' });
  const jobId = await world.announced(run);
  await world.sweep();
  const given = await giveRefund(world.dependencies)(orderId, {
    amount: { amount: 4000, currency: 'CNY' },
    person: { by: 'li', reason: 'goodwill' },
    name: nameOfGrant('a'),
  });
  expect(given).toMatchObject({ outcome: 'accepted' });
  world.pass(3 * days);
  for (let minute = 0; minute < 65; minute += 1) {
    await world.sweep();
    world.pass(60);
  }
  expect(await stateOf(other)).toEqual(['refunded']);
  expect(await stateOf(orderId)).toEqual(['issued']);
  const { items } = await listAttention(world.bookings, { perShardMax: 5 });
  expect(items).toMatchObject([{ key: { pk: `JOB#${jobId}` }, attention: { kind: 'keeps-failing' } }]);
}, 120_000);

import { applyPayment } from '../../../shared/paying/apply-payment.ts';
import { money } from '../../../shared/platform/money.ts';
import { plusSeconds } from '../../../shared/platform/time.ts';
import { stopIdSchema } from '../../../shared/platform/ids.ts';
import { readDelay } from '../../../shared/runs/delay-store.ts';
import { listOffered } from '../../../shared/tickets/offered-store.ts';
import { readFrozenRun } from '../../../shared/timetable/store.ts';
import { made } from '../../support/refund-world.ts';
import {
  cancelled,
  delayedBy,
  disruptionWorld,
  type DisruptionWorld,
} from '../../support/disruption-world.ts';
import { issuePaidOrder } from '../../support/order-by-id.ts';

/* A stop at which the run does not call, and a run that is late. Its seats stay on sale elsewhere. */

let world: DisruptionWorld;
beforeEach(async () => {
  world = await disruptionWorld();
});
afterEach(() => world.stop());

const fen = (amount: number) => money(amount, 'CNY');
const atStop = (stop: number) => ({
  reason: 'stop-cancelled' as const,
  stopId: stopIdSchema.parse(`S${stop}`),
});
/** After this, no hold that began before an announcement is under way. */
const lastHold = 20 * 60;

test('only who boards or alights there is concerned, and nobody else buys it', async () => {
  const run = await world.openRun('2026-12-05', 2);
  const boards = await world.issued(run, [1], { from: 1 });
  const alights = await world.issued(run, [2], { to: 1 });
  const passes = await world.issued(run, [3]);
  const jobId = await world.announced(run, atStop(1));
  expect(await world.work(jobId)).toMatchObject({ job: { state: 'waiving', progress: { waived: 2 } } });
  const waived = async (orderId: typeof boards) =>
    (await world.stored(orderId)).tickets.map((ticket) => ticket.state === 'issued' && ticket.waiver?.reason);
  expect([await waived(boards), await waived(alights), await waived(passes)]).toEqual([
    ['stop-cancelled'],
    ['stop-cancelled'],
    [undefined],
  ]);
  expect(await world.order(run, [5], { from: 1 })).toMatchObject({ reason: 'no-boarding' });
  expect(await world.order(run, [6], { to: 1 })).toMatchObject({ reason: 'no-alighting' });
  expect(await world.order(run, [7])).toMatchObject({ outcome: 'accepted' });
  expect(await made(world.offer(passes, 'user-3'))).toMatchObject({ refund: fen(24_000) });
  expect(await made(world.offer(boards, 'user-1'))).toMatchObject({ refund: fen(20_000) });

  world.pass(lastHold);
  await world.sweep();
  expect(await world.job(jobId)).toMatchObject({ state: 'waiting' });
  world.pass(3 * 86_400);
  await world.sweep();
  expect(await world.job(jobId)).toMatchObject({ state: 'done', progress: { waived: 2, refunded: 2 } });
  expect((await world.stored(alights)).tickets).toMatchObject([
    { state: 'refunded', refund: { amount: fen(10_000), rule: { stopCancelled: true } } },
  ]);
  expect((await world.stored(passes)).tickets).toMatchObject([{ state: 'issued' }]);
  // Gates find what has ended.
  const { ticketIds } = await listOffered(world.bookings, run.runId, { after: undefined, offersMax: 99 });
  expect(ticketIds).toEqual(expect.arrayContaining([`${boards}-1`, `${alights}-1`]));
});

test('a hold there ends, and money for it goes back also if it comes late', async () => {
  const run = await world.openRun('2026-12-05', 2);
  const held = await world.held(run, [1], { from: 1 });
  const paying = await world.held(run, [2], { from: 1 });
  const elsewhere = await world.held(run, [3]);
  const payment = await world.pay(paying);
  const jobId = await world.announced(run, atStop(1));
  await world.work(jobId);
  await world.standing(held, 'cancelled');
  await world.standing(elsewhere, 'held');
  world.buyerPays(payment);
  await world.notify(payment);
  await applyPayment(world.dependencies)(payment.paymentId);
  await world.standing(paying, 'refunding');
});

test('an order that is paid in the same moment gets no ticket for it', async () => {
  const run = await world.openRun('2026-12-05', 1);
  const orderId = await world.held(run, [1], { to: 1 });
  const payment = await world.pay(orderId);
  world.buyerPays(payment);
  await world.notify(payment);
  await applyPayment(world.dependencies)(payment.paymentId);
  await world.work(await world.announced(run, atStop(1)));
  expect(await issuePaidOrder(world.dependencies)(orderId)).toMatchObject({ outcome: 'rejected' });
  await world.standing(orderId, 'refunding');
});

test('two stops are two jobs, and a stop struck twice is struck once', async () => {
  const run = await world.openRun('2026-12-05', 1);
  const jobs = await Promise.all([1, 2].map((stop) => world.announced(run, atStop(stop))));
  await Promise.all(jobs.map((jobId) => world.work(jobId)));
  await world.announced(run, atStop(1));
  const stored = await readFrozenRun(world.tables.timetable, run.runId, { consistent: true });
  expect(stored?.cancelledStops?.toSorted()).toEqual(['S1', 'S2']);
  expect(stored?.stops.map(({ boarding }) => boarding)).toEqual([true, false, false, true]);
});

test('a late run keeps its tickets: who wants may go until it has left, and nothing goes back by itself', async () => {
  const run = await world.openRun('2026-12-05', 2);
  const early = await world.issued(run, [1]);
  const later = await world.issued(run, [2], { from: 1 });
  world.pass(60);
  const jobId = await world.announced(run, delayedBy(90));
  expect(await readDelay(world.bookings, run.runId)).toBe(90);
  world.pass(1);
  const after = await world.issued(run, [3]);
  await world.work(jobId);
  const waiverIn = async (orderId: typeof early) =>
    (await world.stored(orderId)).tickets.map((ticket) => ticket.state === 'issued' && ticket.waiver?.until);
  expect([await waiverIn(early), await waiverIn(later), await waiverIn(after)]).toEqual([
    ['2026-12-05T02:35:00.000Z'],
    ['2026-12-05T03:35:00.000Z'],
    [undefined],
  ]);
  expect(await made(world.offer(early, 'user-1'))).toMatchObject({ refund: fen(30_000) });
  world.pass(lastHold);
  await world.sweep();
  expect(await world.job(jobId)).toMatchObject({ state: 'done', progress: { waived: 2, refunded: 0 } });
  expect((await world.stored(early)).tickets).toMatchObject([{ state: 'issued' }]);
});

test('a ticket that was held when the delay was announced is waived once it is there', async () => {
  const run = await world.openRun('2026-12-05', 1);
  const orderId = await world.held(run, [1]);
  const jobId = await world.announced(run, delayedBy(60));
  expect(await world.work(jobId)).toMatchObject({ job: { state: 'waiving', progress: { waived: 0 } } });
  const payment = await world.pay(orderId);
  world.buyerPays(payment);
  await world.notify(payment);
  await applyPayment(world.dependencies)(payment.paymentId);
  await issuePaidOrder(world.dependencies)(orderId);
  world.pass(20);
  expect(await world.work(jobId)).toMatchObject({ job: { progress: { waived: 1 } } });
});

test('the graver announcement counts, in whichever order they are made', async () => {
  const run = await world.openRun('2026-12-05', 1);
  const orderId = await world.issued(run, [1], { from: 1 });
  const ticket = async () => (await world.stored(orderId)).tickets[0];
  const delay = await world.announced(run, delayedBy(90));
  await world.work(delay);
  const longer = await world.announced(run, delayedBy(150));
  await world.work(longer);
  expect(await ticket()).toMatchObject({ waiver: { jobId: longer } });
  const stop = await world.announced(run, atStop(1));
  const jobId = await world.announced(run, cancelled);
  await world.work(jobId);
  await world.work(stop);
  const until = plusSeconds(world.time.now, 3 * 86_400);
  expect(await ticket()).toMatchObject({ waiver: { jobId, reason: 'run-cancelled', until } });
});

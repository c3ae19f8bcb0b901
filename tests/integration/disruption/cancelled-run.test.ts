import { applyPayment } from '../../../shared/paying/apply-payment.ts';
import { submitRefund } from '../../../shared/paying/submit-refund.ts';
import type { OrderId } from '../../../shared/platform/ids.ts';
import { money } from '../../../shared/platform/money.ts';
import { plusSeconds } from '../../../shared/platform/time.ts';
import { made } from '../../support/refund-world.ts';
import { disruptionWorld, type DisruptionWorld } from '../../support/disruption-world.ts';

/* An operator cancels a run: T42, the passengers' choice, and T43 for who has not chosen. */

let world: DisruptionWorld;
beforeEach(async () => {
  world = await disruptionWorld();
});
afterEach(() => world.stop());

const fen = (amount: number) => money(amount, 'CNY');
const day = 86_400;

const sendRefunds = async (orderId: OrderId) => {
  for (const { refundNumber } of (await world.stored(orderId)).refunds)
    await submitRefund(world.dependencies)(orderId, refundNumber);
};

test('every passenger may go without a fee, and who has not chosen in time gets the money back', async () => {
  const run = await world.openRun('2026-12-05', 2);
  const chooses = await world.issued(run, [1, 2]);
  const waits = await world.issued(run, [3], { user: 'user-2' });
  const jobId = await world.announced(run);
  expect(await world.work(jobId)).toMatchObject({
    job: { state: 'waiting', progress: { waived: 3, refunded: 0, ended: 0 } },
  });
  const until = plusSeconds(world.time.now, 3 * day);
  const waiver = { jobId, reason: 'run-cancelled', until };
  expect((await world.stored(chooses)).tickets).toMatchObject([{ waiver }, { waiver }]);
  expect((await world.stored(waits)).order).toMatchObject({
    history: expect.arrayContaining([{ at: world.time.now, event: 'order-disrupted', subject: jobId }]),
  });
  expect(await world.order(run, [5], { user: 'user-5' })).toMatchObject({ outcome: 'rejected' });
  await world.expectClean(run);

  const offer = await made(world.offer(chooses, 'user-1', [2]));
  expect(offer).toMatchObject({ refund: fen(30_000) });
  await world.accept(offer, 'user-1');

  await sendRefunds(chooses);
  world.pass(3 * day - 1);
  expect(await world.work(jobId)).toMatchObject({ reason: 'not-due' });
  world.pass(1);
  expect(await world.work(jobId)).toMatchObject({
    job: { state: 'done', progress: { waived: 3, refunded: 2 } },
  });
  const stored = await world.stored(waits);
  expect(stored.tickets).toMatchObject([
    {
      state: 'refunded',
      refund: { jobId, fee: fen(0), amount: fen(30_000), rule: { runCancelled: true, percent: 0 } },
    },
  ]);
  expect(stored.order).toMatchObject({ state: 'issued', items: { 1: { state: 'released' } } });
  expect(stored.refunds).toMatchObject([{ amount: fen(30_000), state: 'requested' }]);
  expect(await world.owned(run)).toEqual([]);
  await world.expectClean(run);
});

test('a hold ends, and money without tickets goes back', async () => {
  const run = await world.openRun('2026-12-05', 2);
  const held = await world.held(run, [1]);
  const paying = await world.held(run, [2], { user: 'user-2' });
  const open = await world.pay(paying);
  world.buyerPays(open);
  await world.notify(open);
  await applyPayment(world.dependencies)(open.paymentId);
  await world.issued(run, [3], { user: 'user-3' });

  const jobId = await world.announced(run);
  await world.work(jobId);
  await world.standing(held, 'cancelled');
  await world.standing(paying, 'refunding');
  expect(await world.job(jobId)).toMatchObject({ state: 'waiting', progress: { waived: 1, ended: 2 } });
  await world.expectClean(run);
});

test('announced twice, it is one job and each passenger is told once', async () => {
  const run = await world.openRun('2026-12-05', 1);
  const orderId = await world.issued(run, [1]);
  const announcements = await Promise.all([1, 2, 3].map(() => world.announce(run)));
  const news = announcements.map((each) => each.outcome === 'accepted' && each.isNew);
  expect(news.toSorted()).toEqual([false, false, true]);
  const jobId = await world.announced(run);
  const workers = await Promise.all([1, 2, 3].map(() => world.work(jobId)));
  expect(workers.map((each) => ('reason' in each ? each.reason : each.job.state)).toSorted()).toEqual([
    'not-due',
    'not-due',
    'waiting',
  ]);
  const told = (await world.stored(orderId)).order;
  expect(
    told && told.state !== 'void' && told.history.filter(({ event }) => event === 'order-disrupted'),
  ).toHaveLength(1);
});

import { readCounts } from '../../../shared/orders/counts-store.ts';
import { submitRefund } from '../../../shared/paying/submit-refund.ts';
import { userIdSchema } from '../../../shared/platform/ids.ts';
import { money } from '../../../shared/platform/money.ts';
import { closeRun } from '../../../shared/runs/close-run.ts';
import { made, refundWorld, type RefundWorld } from '../../support/refund-world.ts';
import { longRun } from '../../support/long-run.ts';

/* T19 and T20: passengers give tickets back for what the carrier offered. */

let world: RefundWorld;
beforeEach(async () => {
  world = await refundWorld();
});
afterEach(() => world.stop());

const fen = (amount: number) => money(amount, 'CNY');
const seatsCounted = async (user: string) => [
  ...(await readCounts(world.bookings, userIdSchema.parse(user))).seats.values(),
];

/** Sends the refunds of an order to its provider. */
const sendRefunds = async (orderId: Awaited<ReturnType<RefundWorld['issued']>>) => {
  for (const { refundNumber } of (await world.stored(orderId)).refunds)
    await submitRefund(world.dependencies)(orderId, refundNumber);
};

test('one passenger of two gives a ticket back, and the other travels', async () => {
  const run = await world.openRun('2026-12-05', 1);
  const orderId = await world.issued(run, [1, 2]);
  const offer = await made(world.offer(orderId, 'user-1', [2]));
  expect(offer).toMatchObject({
    validUntil: '2026-12-01T00:10:00.000Z',
    tickets: [{ ticketId: `${orderId}-2`, price: fen(30_000), fee: fen(6000), refund: fen(24_000) }],
    refund: fen(24_000),
  });
  expect(await world.owned(run)).toHaveLength(2);

  expect(await world.accept(offer, 'user-1')).toMatchObject({ outcome: 'accepted' });
  const { order, tickets, refunds, payments } = await world.stored(orderId);
  expect(tickets.map(({ state, code }) => [state, code !== undefined])).toEqual([
    ['issued', true],
    ['refunded', false],
  ]);
  expect(tickets[1]).toMatchObject({
    refund: { offerId: offer.offerId, fee: fen(6000), amount: fen(24_000), rule: { percent: 20 } },
  });
  expect(order).toMatchObject({
    state: 'issued',
    items: { 1: { state: 'ticketed' }, 2: { state: 'released', ticketId: `${orderId}-2` } },
    history: expect.arrayContaining([
      { at: world.time.now, event: 'tickets-refunded', subject: offer.offerId },
    ]),
    inDueIndex: false,
  });
  expect(refunds).toMatchObject([{ amount: fen(24_000), reason: 'ticket-refunded', state: 'requested' }]);
  expect(payments).toMatchObject([{ refundable: 36_000 }]);
  expect(await world.owned(run)).toHaveLength(1);
  expect(await seatsCounted('user-1')).toEqual([1]);
  await world.expectClean(run);

  await sendRefunds(orderId);
  expect(world.bank.backOf(payments[0]!.paymentId)).toBe(24_000);
  expect((await world.stored(orderId)).payments).toMatchObject([{ state: 'partlyRefunded' }]);
  await world.expectClean(run);
  // The passenger is free at that time, and so is the seat.
  expect(await world.order(run, [2], { user: 'user-2' })).toMatchObject({ outcome: 'accepted' });
});

test('a whole order goes back ticket by ticket, each once', async () => {
  const run = await world.openRun('2026-12-05', 1);
  const orderId = await world.issued(run, [1, 2, 3]);
  await world.accept(await made(world.offer(orderId, 'user-1', [2])), 'user-1');
  const rest = await made(world.offer(orderId, 'user-1'));
  expect(rest.tickets.map(({ ticketId }) => ticketId)).toEqual([`${orderId}-1`, `${orderId}-3`]);
  await world.accept(rest, 'user-1');
  await sendRefunds(orderId);
  const { payments, refunds } = await world.stored(orderId);
  expect(refunds.map(({ refundNumber, amount }) => [refundNumber.slice(26), amount.amount])).toEqual([
    ['_1_item13', 48_000],
    ['_1_item2', 24_000],
  ]);
  expect(payments).toMatchObject([{ refundable: 18_000, state: 'partlyRefunded' }]);
  expect(await world.owned(run)).toEqual([]);
  expect(await seatsCounted('user-1')).toEqual([0]);
  expect(await world.offer(orderId, 'user-1')).toMatchObject({ reason: 'ticket-not-valid' });
  await world.expectClean(run);
});

test('early enough nothing is kept', async () => {
  const run = await world.openRun('2026-12-20', 1);
  const orderId = await world.issued(run, [1]);
  await world.accept(await made(world.offer(orderId, 'user-1')), 'user-1');
  await sendRefunds(orderId);
  const { payments, entries } = await world.stored(orderId);
  expect(payments).toMatchObject([{ refundable: 0, state: 'refunded' }]);
  expect(entries.filter(({ kind }) => kind === 'fee-kept')).toEqual([]);
  await world.expectClean(run);
});

test('a ticket for which nothing comes back still frees its seat, and makes no refund', async () => {
  await world.stop();
  world = await refundWorld({ offerSeconds: 600, beforeDeparture: [{ atLeast: 'PT0H', percent: 100 }] });
  const run = await world.openRun('2026-12-05', 1);
  const orderId = await world.issued(run, [1]);
  const offer = await made(world.offer(orderId, 'user-1'));
  expect(offer.refund).toEqual(fen(0));
  await world.accept(offer, 'user-1');
  const { tickets, refunds, payments } = await world.stored(orderId);
  expect(tickets).toMatchObject([{ state: 'refunded', refund: { fee: fen(30_000), amount: fen(0) } }]);
  expect(refunds).toEqual([]);
  expect(payments).toMatchObject([{ refundable: 30_000 }]);
  expect(await world.owned(run)).toEqual([]);
  await world.expectClean(run);
});

test('an offer binds the carrier over a limit, and a closed run makes it free of charge', async () => {
  const run = await world.openRun('2026-12-08', 1);
  const [early, cancelled] = [await world.issued(run, [1]), await world.issued(run, [2])];
  // A week before the departure is at 01:05; the offers are made four minutes before it.
  world.pass(3660);
  const kept = await made(world.offer(early, 'user-1'));
  world.pass(300);
  expect(await world.accept(kept, 'user-1')).toMatchObject({ outcome: 'accepted' });
  expect((await world.stored(early)).refunds).toMatchObject([{ amount: fen(30_000) }]);

  const withFee = await made(world.offer(cancelled, 'user-2'));
  expect(withFee.refund).toEqual(fen(24_000));
  await closeRun(world, run.runId);
  expect(await world.accept(withFee, 'user-2')).toMatchObject({ outcome: 'accepted' });
  expect((await world.stored(cancelled)).tickets).toMatchObject([
    { refund: { fee: fen(0), amount: fen(30_000), rule: { runCancelled: true } } },
  ]);
  await world.expectClean(run);
});

test('of a closed run everything goes back, also when it would have left', async () => {
  const run = await world.openRun('2026-12-05', 1);
  const orderId = await world.issued(run, [1]);
  await closeRun(world, run.runId);
  world.pass(5 * 86_400);
  const offer = await made(world.offer(orderId, 'user-1'));
  expect(offer.refund).toEqual(fen(30_000));
  expect(await world.accept(offer, 'user-1')).toMatchObject({ outcome: 'accepted' });
  await world.expectClean(run);
});

test('nine passengers with documents on nine days fit into one transaction', async () => {
  const run = await longRun(world.timetable, { days: 9 });
  const people = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const orderId = await world.issued(run, people);
  world.pass(15 * 86_400);
  const offer = await made(world.offer(orderId, 'user-1'));
  expect(await world.accept(offer, 'user-1')).toMatchObject({ outcome: 'accepted' });
  expect((await world.stored(orderId)).tickets.every(({ state }) => state === 'refunded')).toBe(true);
  await world.expectClean(run);
});

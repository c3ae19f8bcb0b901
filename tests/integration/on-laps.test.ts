import { readCounts } from '../../shared/orders/counts-store.ts';
import { personalDataOf } from '../../shared/orders/retention.ts';
import { userIdSchema } from '../../shared/platform/ids.ts';
import { money } from '../../shared/platform/money.ts';
import { made, refundWorld, type RefundWorld } from '../support/refund-world.ts';

/* People who travel without a seat, on the ticket of who holds them. */

let world: RefundWorld;
beforeEach(async () => {
  world = await refundWorld();
});
afterEach(() => world.stop());

const fen = (amount: number) => money(amount, 'CNY');
/** ¥300 for the adult, a tenth of it for who is held. */
const [adult, both] = [fen(30_000), fen(33_000)];

test('a ticket names and prices both, takes one seat, and claims the time of both', async () => {
  const run = await world.openRun('2026-12-05', 1);
  const orderId = await world.issued(run, [1, 2], { onLap: [11] });
  const { order, tickets } = await world.stored(orderId);
  expect(order).toMatchObject({ amount: fen(63_000), items: { 1: { fare: both }, 2: { fare: adult } } });
  expect(
    tickets.map(({ fare, passenger }) => [fare, passenger.onLap?.map(({ name, type }) => [name, type])]),
  ).toEqual([
    [both, [['旅客11', 'infant']]],
    [adult, undefined],
  ]);
  expect(await world.owned(run)).toHaveLength(2);
  expect([...(await readCounts(world.bookings, userIdSchema.parse('user-1'))).seats.values()]).toEqual([2]);
  await world.expectClean(run);

  // Nobody sits on two laps, or on a lap and on a seat.
  const elsewhere = { user: 'user-3' };
  expect(await world.order(run, [3], { ...elsewhere, onLap: [11] })).toMatchObject({
    reason: 'passenger-time-conflict',
  });
  expect(await world.order(run, [11], elsewhere)).toMatchObject({ reason: 'passenger-time-conflict' });
  expect(await world.order(run, [12], { ...elsewhere, onLap: [12] })).toMatchObject({
    reason: 'passenger-time-conflict',
  });

  const offer = await made(world.offer(orderId, 'user-1', [1]));
  expect(offer.tickets).toMatchObject([{ price: both, fee: fen(6600), refund: fen(26_400) }]);
  await world.accept(offer, 'user-1');
  await world.expectClean(run);
  expect(await world.order(run, [3], { ...elsewhere, onLap: [11] })).toMatchObject({ outcome: 'accepted' });
  await world.expectClean(run);
});

test('an order that expires frees both', async () => {
  const run = await world.openRun('2026-12-06', 1);
  await world.held(run, [21], { onLap: [22] });
  world.pass(1000);
  await world.sweep();
  world.pass(400);
  await world.sweep();
  await world.expectClean(run);
  expect(await world.order(run, [22], { user: 'user-22' })).toMatchObject({ outcome: 'accepted' });
});

test('the data of both end some weeks after the journey', async () => {
  const run = await world.openRun('2026-12-07', 1);
  const orderId = await world.issued(run, [31], { onLap: [32] });
  const before = await world.stored(orderId);
  expect(JSON.stringify(before)).toContain('旅客32');
  world.pass(45 * 86_400);
  for (let minute = 0; minute < 3; minute += 1) {
    await world.sweep();
    world.pass(60);
  }
  const { order, tickets } = await world.stored(orderId);
  if (!order || order.state === 'void') throw new Error('the order is gone');
  expect(personalDataOf(order)).toEqual([]);
  expect(JSON.stringify([order, tickets])).not.toContain('旅客32');
});

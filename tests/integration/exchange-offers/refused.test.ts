import { closeRun } from '../../../shared/runs/close-run.ts';
import { offerIdOf, orderIdSchema } from '../../../shared/platform/ids.ts';
import { exchangeWorld, offered, type ExchangeWorld } from '../../support/exchange-world.ts';
import { longRun } from '../../support/long-run.ts';
import { made } from '../../support/refund-world.ts';

/* Exchanges that cannot be: nothing is held for them, and the tickets stay as they are. */

let world: ExchangeWorld;
beforeEach(async () => {
  world = await exchangeWorld();
});
afterEach(() => world.stop());

const two = async () => [await world.openRun('2026-12-20', 1), await world.openRun('2026-12-21', 1)] as const;

test('foreign orders and tickets, and what is not issued', async () => {
  const [run, other] = await two();
  const orderId = await world.issued(run, [1]);
  const heldId = await world.held(run, [2]);
  expect(await world.change(orderId, 'user-2', other)).toMatchObject({ reason: 'not-found' });
  expect(await world.change(orderId, 'user-1', other, { items: [2] })).toMatchObject({ reason: 'not-found' });
  expect(await world.change(heldId, 'user-2', other)).toMatchObject({ reason: 'order-not-issued' });
  const { offerId } = await offered(world.change(orderId, 'user-1', other));
  expect(await world.take(offerId, 'user-2')).toMatchObject({ reason: 'not-found' });
  const stranger = orderIdSchema.parse('01KBZ5Q7W8XN3V4M5T6R7S8P9Z');
  expect(await world.take(offerIdOf(orderId, stranger), 'user-1')).toMatchObject({ reason: 'not-found' });
  expect(await world.take(offerIdOf(stranger, heldId), 'user-2')).toMatchObject({ reason: 'not-found' });
  // It is no refund offer.
  expect(await world.accept({ offerId }, 'user-1')).toMatchObject({ reason: 'not-found' });
});

test('the same journey, unless other seats are wished', async () => {
  const [run] = await two();
  const orderId = await world.issued(run, [1]);
  expect(await world.change(orderId, 'user-1', run)).toMatchObject({ reason: 'same-journey' });
  expect(await world.owned(run)).toHaveLength(1);
  const wishes = { position: 'window' as const };
  const { offerId } = await offered(world.change(orderId, 'user-1', run, { wishes }));
  expect(await world.take(offerId, 'user-1')).toMatchObject({ outcome: 'accepted' });
  expect(await world.owned(run)).toHaveLength(1);
  await world.expectClean(run);
});

test('a run that is sold out, cancelled, past or unknown', async () => {
  const [run, full] = [await world.openRun('2026-12-20', 1), await world.openRun('2026-12-21', { count: 1 })];
  const cancelled = await world.openRun('2026-12-22', 1);
  const soon = await world.openRun('2026-12-02', 1);
  const orderId = await world.issued(run, [1]);
  await world.issued(full, [2]);
  expect(await world.change(orderId, 'user-1', full)).toMatchObject({ reason: 'sold-out' });
  await closeRun(world, cancelled.runId);
  expect(await world.change(orderId, 'user-1', cancelled)).toMatchObject({ reason: 'not-on-sale' });
  world.pass(2 * 86_400);
  expect(await world.change(orderId, 'user-1', soon)).toMatchObject({ reason: 'not-on-sale' });
  const unknown = { runId: 'G9~2026-12-20' as typeof run.runId, stops: run.stops };
  expect(await world.change(orderId, 'user-1', unknown)).toMatchObject({ reason: 'unknown-run' });
  expect(await world.change(orderId, 'user-1', soon, { class: 'first' })).toMatchObject({
    reason: 'unknown-class',
  });
  // Nothing binds the ticket.
  expect((await world.stored(orderId)).tickets[0]).not.toHaveProperty('openOffer');
  await world.expectClean(run, full, cancelled);
});

test('a ticket once, and never after it went back', async () => {
  const [run, other] = await two();
  const orderId = await world.issued(run, [1, 2]);
  const { offerId, newOrderId } = await offered(world.change(orderId, 'user-1', other, { items: [1] }));
  await world.take(offerId, 'user-1');
  expect(await world.change(newOrderId, 'user-1', run)).toMatchObject({ reason: 'exchanged-before' });
  expect(await world.change(orderId, 'user-1', other, { items: [1] })).toMatchObject({
    reason: 'ticket-not-valid',
  });
  expect(await world.offer(orderId, 'user-1', [1])).toMatchObject({ reason: 'ticket-not-valid' });
  await world.accept(await made(world.offer(orderId, 'user-1', [2])), 'user-1');
  expect(await world.change(orderId, 'user-1', other, { items: [2] })).toMatchObject({
    reason: 'ticket-not-valid',
  });
});

test('one offer at a time, of either kind, until it ends or is cancelled', async () => {
  const [run, other] = await two();
  const third = await world.openRun('2026-12-22', 1);
  const orderId = await world.issued(run, [1]);
  await made(world.offer(orderId, 'user-1'));
  expect(await world.change(orderId, 'user-1', other)).toMatchObject({ reason: 'offer-open' });
  world.pass(601);
  const { newOrderId } = await offered(world.change(orderId, 'user-1', other));
  expect(await world.offer(orderId, 'user-1')).toMatchObject({ reason: 'offer-open' });
  expect(await world.change(orderId, 'user-1', third)).toMatchObject({ reason: 'offer-open' });
  await world.cancel(newOrderId, 'user-1');
  expect(await world.owned(other)).toEqual([]);
  await offered(world.change(orderId, 'user-1', third));
  await world.expectClean(run, other, third);
});

test('an offer that has run out: the seats are given back, and the tickets stay', async () => {
  const [run, other] = await two();
  const orderId = await world.issued(run, [1]);
  const { offerId, newOrderId } = await offered(world.change(orderId, 'user-1', other));
  world.pass(901);
  expect(await world.take(offerId, 'user-1')).toMatchObject({ reason: 'offer-expired' });
  await world.sweep();
  await world.standing(newOrderId, 'expired');
  expect(await world.take(offerId, 'user-1')).toMatchObject({ reason: 'offer-expired' });
  expect(await world.owned(other)).toEqual([]);
  expect(await world.ticketStates(orderId)).toEqual(['1 issued']);
  await world.expectClean(run, other);
  // The passenger asks again.
  await offered(world.change(orderId, 'user-1', other));
});

test('after the departure, to another day, and the new ticket does not go back', async () => {
  const [run, other] = [await world.openRun('2026-12-02', 1), await world.openRun('2026-12-03', 1)];
  const orderId = await world.issued(run, [1]);
  const late = await world.issued(run, [2]);
  // 12:00 at the stop of boarding; the run left at 9:05.
  world.pass(28 * 3600);
  const { newOrderId } = await offered(world.change(orderId, 'user-1', other));
  expect(await world.standing(newOrderId, 'held')).toMatchObject({
    amount: { amount: 15_000 },
    exchangeOf: { isRefundable: false },
  });
  await world.payFor(newOrderId);
  expect(await world.offer(newOrderId, 'user-1')).toMatchObject({ reason: 'not-refundable' });
  await world.expectClean(run, other);
  // A minute after midnight it is too late.
  world.pass(12 * 3600 + 60);
  expect(await world.change(late, 'user-2', other)).toMatchObject({ reason: 'too-late-to-exchange' });
  // If the carrier closes the new run, everything goes back.
  await closeRun(world, other.runId);
  expect((await made(world.offer(newOrderId, 'user-1'))).refund).toMatchObject({ amount: 30_000 });
});

test('more tickets of a long journey than one transaction can switch', async () => {
  const run = await longRun(world.timetable, { days: 9 });
  const other = await world.openRun('2027-02-01', 2);
  const people = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const orderId = await world.issued(run, people);
  expect(await world.change(orderId, 'user-1', other, { to: 1 })).toMatchObject({
    reason: 'too-many-tickets',
  });
  expect(await world.owned(other)).toEqual([]);
  const { offerId, newOrderId } = await offered(
    world.change(orderId, 'user-1', other, { items: [1, 2, 3, 4, 5, 6, 7, 8], to: 1 }),
  );
  if ((await world.standing(newOrderId, 'held')).amount.amount > 0) await world.payFor(newOrderId);
  else expect(await world.take(offerId, 'user-1')).toMatchObject({ outcome: 'accepted' });
  const last = await offered(world.change(orderId, 'user-1', other, { to: 1 }));
  await world.take(last.offerId, 'user-1');
  expect((await world.stored(orderId)).tickets.every(({ state }) => state === 'exchanged')).toBe(true);
  await world.expectClean(run, other);
});

test('a passenger who travels elsewhere at that time', async () => {
  const [run, other] = await two();
  const orderId = await world.issued(run, [1]);
  await world.issued(other, [1], { user: 'user-9' });
  expect(await world.change(orderId, 'user-1', other)).toMatchObject({ reason: 'passenger-time-conflict' });
  // Nobody else can take the time of an offer.
  const third = await world.openRun('2026-12-22', 1);
  await offered(world.change(orderId, 'user-1', third));
  expect(await world.order(third, [1], { user: 'user-9' })).toMatchObject({
    reason: 'passenger-time-conflict',
  });
});

test('a payment for an exchange that costs nothing, and too many open orders', async () => {
  const [run, other] = await two();
  const orderId = await world.issued(run, [1, 2]);
  const { newOrderId } = await offered(world.change(orderId, 'user-1', other, { items: [1] }));
  await expect(world.pay(newOrderId)).rejects.toThrow('nothing-to-pay');
  const open = { ...world.dependencies.carrier, openOrdersMax: 1 };
  expect(await world.change(orderId, 'user-1', other, { items: [2] }, { carrier: open })).toMatchObject({
    reason: 'too-many-open-orders',
  });
  // The seats that it replaces do not count twice.
  const few = { ...world.dependencies.carrier, seatsPerRunMax: 2 };
  const wishes = { position: 'window' as const };
  expect(await world.change(orderId, 'user-1', run, { items: [2], wishes }, { carrier: few })).toMatchObject({
    outcome: 'accepted',
  });
});

test('a repeated request gets its offer, and its key is for one wish', async () => {
  const [run, other] = await two();
  const orderId = await world.issued(run, [1]);
  const first = await offered(world.change(orderId, 'user-1', other, { key: 'k' }));
  expect(await offered(world.change(orderId, 'user-1', other, { key: 'k' }))).toEqual(first);
  await world.take(first.offerId, 'user-1');
  expect(await offered(world.change(orderId, 'user-1', other, { key: 'k' }))).toEqual(first);
  expect(await world.change(orderId, 'user-1', run, { key: 'k' })).toMatchObject({ reason: 'key-reused' });
  expect(await world.owned(other)).toHaveLength(1);
});

import { readCounts } from '../../../shared/orders/counts-store.ts';
import { submitRefund } from '../../../shared/paying/submit-refund.ts';
import { userIdSchema, type OrderId } from '../../../shared/platform/ids.ts';
import { money } from '../../../shared/platform/money.ts';
import { exchangeWorld, offered, type ExchangeWorld } from '../../support/exchange-world.ts';
import { made } from '../../support/refund-world.ts';

/* T15, T18 and T20: passengers exchange tickets for other journeys. */

let world: ExchangeWorld;
beforeEach(async () => {
  world = await exchangeWorld();
});
afterEach(() => world.stop());

const fen = (amount: number) => money(amount, 'CNY');
const countsOf = async (user: string) => {
  const { openOrders, seats } = await readCounts(world.bookings, userIdSchema.parse(user));
  return { openOrders, seats: [...seats.values()] };
};

/** Sends the refunds of an order to its provider. */
const sendRefunds = async (orderId: OrderId) => {
  for (const { refundNumber } of (await world.stored(orderId)).refunds)
    await submitRefund(world.dependencies)(orderId, refundNumber);
};

test('a free exchange for the same price is accepted at once', async () => {
  const [run, other] = [await world.openRun('2026-12-20', 1), await world.openRun('2026-12-21', 1)];
  const orderId = await world.issued(run, [1]);
  const { offerId, newOrderId } = await offered(world.change(orderId, 'user-1', other));
  expect(await world.standing(newOrderId, 'held')).toMatchObject({
    amount: fen(0),
    exchangeOf: { orderId, offerId, isRefundable: true, tickets: [{ itemId: '1', fee: fen(0) }] },
  });
  expect(await world.ticketStates(orderId)).toEqual(['1 issued']);
  await world.expectClean(run, other);

  expect(await world.take(offerId, 'user-1')).toMatchObject({
    outcome: 'accepted',
    order: { orderId: newOrderId, state: 'issued' },
  });
  expect((await world.stored(orderId)).tickets).toMatchObject([
    { state: 'exchanged', exchange: { offerId, newOrderId, newTicketId: `${newOrderId}-1` } },
  ]);
  expect(await world.ticketStates(newOrderId)).toEqual(['1 issued']);
  expect(await world.owned(run)).toEqual([]);
  expect(await world.owned(other)).toHaveLength(1);
  expect(await countsOf('user-1')).toEqual({ openOrders: 0, seats: expect.arrayContaining([0, 1]) });
  await world.expectClean(run, other);
  // The passenger is free on the earlier day.
  expect(await world.order(run, [1])).toMatchObject({ outcome: 'accepted' });
});

test('a dearer one is paid like any order, and issued with the end of the earlier ticket', async () => {
  const [run, other] = [await world.openRun('2026-12-20', 1), await world.openRun('2026-12-21', 1)];
  const orderId = await world.issued(run, [1], { to: 1 });
  const { offerId, newOrderId } = await offered(world.change(orderId, 'user-1', other));
  expect(await world.standing(newOrderId, 'held')).toMatchObject({ amount: fen(20_000) });
  // Its acceptance tells that it waits for its payment, and changes nothing.
  expect(await world.take(offerId, 'user-1')).toMatchObject({ order: { state: 'held' } });
  await world.payFor(newOrderId);
  expect(await world.ticketStates(orderId)).toEqual(['1 exchanged']);
  expect(await world.ticketStates(newOrderId)).toEqual(['1 issued']);
  expect(await world.owned(run)).toEqual([]);
  await world.expectClean(run, other);
  expect(await world.take(offerId, 'user-1')).toMatchObject({ reason: 'offer-used' });
});

test('of a cheaper one the difference goes back, less what a refund would cost', async () => {
  const [run, other] = [await world.openRun('2026-12-05', 1), await world.openRun('2026-12-06', 1)];
  const orderId = await world.issued(run, [1, 2]);
  const { offerId, newOrderId } = await offered(
    world.change(orderId, 'user-1', other, { items: [2], to: 1 }),
  );
  // A tenth of the lower fare, and a fifth of the difference.
  expect(await world.standing(newOrderId, 'held')).toMatchObject({
    amount: fen(0),
    exchangeOf: { tickets: [{ itemId: '2', former: fen(30_000), fee: fen(1000 + 4000) }] },
  });
  expect(await world.take(offerId, 'user-1')).toMatchObject({ outcome: 'accepted' });
  expect(await world.ticketStates(orderId)).toEqual(['1 issued', '2 exchanged']);
  expect((await world.stored(orderId)).refunds).toMatchObject([
    { amount: fen(15_000), reason: 'ticket-exchanged', refundNumber: `${orderId}_1_exchange2` },
  ]);
  await sendRefunds(orderId);
  expect(world.bank.backOf((await world.stored(orderId)).payments[0]!.paymentId)).toBe(15_000);
  await world.expectClean(run, other);

  // Its later refund draws on what was paid for the earlier ticket, and keeps the tier that it had.
  world.pass(3600);
  const refund = await made(world.offer(newOrderId, 'user-1'));
  expect(refund.refund).toEqual(fen(8000));
  expect(await world.accept(refund, 'user-1')).toMatchObject({ outcome: 'accepted' });
  await sendRefunds(orderId);
  expect(world.bank.backOf((await world.stored(orderId)).payments[0]!.paymentId)).toBe(23_000);
  await world.expectClean(run, other);
});

import { applyPayment } from '../../../shared/paying/apply-payment.ts';
import { placesOf } from '../../../shared/orders/model.ts';
import { orderIdSchema, userIdSchema, type OrderId } from '../../../shared/platform/ids.ts';
import { cancelOrder } from '../../../shared/selling/cancel-order.ts';
import type { Run } from '../../../shared/timetable/model.ts';
import { freeOrphans } from '../../../shared/upkeep/free-orphans.ts';
import { orderFor } from '../../support/order-for.ts';
import { made, refundWorld, type RefundWorld } from '../../support/refund-world.ts';
import { by } from '../../support/faulty-table.ts';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';

let world: RefundWorld;
let run: Run;

/**
 * A run of which two of four seats are free from its first stop to the second, and the other two from there on, so that
 * nobody can sit on one seat throughout.
 */
beforeEach(async () => {
  world = await refundWorld();
  run = await world.nextRun({ count: 4 });
  const short = await Promise.all([11, 12, 13, 14].map((who) => world.held(run, [who], { to: 1 })));
  const long = await Promise.all([21, 22].map((who) => world.held(run, [who], { from: 1 })));
  const seatOf = async (orderId: OrderId) =>
    (await world.standing(orderId, 'held')).items['1']?.place.piece.seat;
  const taken = new Set(await Promise.all(long.map(seatOf)));
  for (const [at, orderId] of short.entries())
    if (taken.has(await seatOf(orderId)))
      await cancelOrder(world.dependencies)(orderId, userIdSchema.parse(`user-${11 + at}`));
  await world.count(run);
  expect(await ownedPieces()).toHaveLength(4);
});
afterEach(() => world.stop());

const ownedPieces = () => world.owned(run);
const changing = { changeAt: 1 };
const orphansFreed = () => freeOrphans(world)({ hasTime: () => true, sweepEverySeconds: 0 });

describe('an order with a change of seats', () => {
  test('has two seats for each passenger, for the fare of the whole way', async () => {
    expect(await world.order(run, [1, 2])).toMatchObject({ reason: 'sold-out' });
    const order = await world.standing(await world.held(run, [1, 2], changing), 'held');
    expect(order).toMatchObject({
      amount: { amount: 60_000 },
      seatChange: { stopId: 'S1', name: '济南西', index: 1 },
    });
    for (const item of Object.values(order.items)) {
      const [first, then] = placesOf(item);
      expect([first?.piece.from, first?.piece.to, then?.piece.from, then?.piece.to]).toEqual([0, 1, 1, 3]);
      expect(then?.piece.seat).not.toBe(first?.piece.seat);
      expect(then?.owner).not.toBe(first?.owner);
    }
    expect(await ownedPieces()).toHaveLength(8);
    await world.expectClean(run);
  });

  test('keeps the same seat where one is free throughout', async () => {
    const other = await world.nextRun({ count: 1 });
    const order = await world.standing(await world.held(other, [1], changing), 'held');
    expect(order.seatChange).toBeUndefined();
    expect(order.items['1']?.thenPlace).toBeUndefined();
  });

  test('is there for the whole party or not at all', async () => {
    expect(await world.order(run, [1, 2, 3], changing)).toMatchObject({ reason: 'sold-out' });
    // With a view that is behind, the shards refuse, and what was taken of the first stretch is given back.
    await world.held(run, [5], { from: 1 });
    expect(await world.order(run, [1, 2], changing)).toMatchObject({ reason: 'sold-out' });
    expect(await ownedPieces()).toHaveLength(5);
  });

  test.each([
    ['no-change-there', 0],
    ['no-change-there', 3],
    ['no-change-there', 7],
  ])('is refused (%s) at stop %s', async (reason, changeAt) => {
    expect(await world.order(run, [1], { changeAt })).toMatchObject({ reason });
  });

  test('is not sold by a carrier that does not say so', async () => {
    const { alternatives: _alternatives, ...carrier } = world.carrier;
    const placed = await orderFor({ ...world.dependencies, carrier }, run, [1], changing);
    expect(placed).toMatchObject({ reason: 'seat-change-not-sold' });
  });

  test('is for one of two buyers who want the last seats at once', async () => {
    await world.held(run, [5], changing);
    await world.count(run);
    const both = await Promise.all([1, 2].map((who) => world.order(run, [who], changing)));
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['accepted', 'rejected']);
    world.pass(121);
    await orphansFreed();
    expect(await ownedPieces()).toHaveLength(8);
    await world.expectClean(run);
  });
});

describe('both seats', () => {
  test('are on the ticket, and are free again when it is given back', async () => {
    const orderId = await world.issued(run, [1, 2], changing);
    const { order, tickets } = await world.stored(orderId);
    expect(order).toMatchObject({ state: 'issued' });
    expect(tickets).toHaveLength(2);
    for (const ticket of tickets)
      expect(ticket).toMatchObject({ coach: '05', seatChange: { stopId: 'S1', coach: '05' } });
    await world.expectClean(run);

    const offer = await made(world.offer(orderId, 'user-1', [2]));
    expect(offer.tickets).toMatchObject([{ price: { amount: 30_000 } }]);
    expect((await world.accept(offer, 'user-1')).outcome).toBe('accepted');
    expect(await ownedPieces()).toHaveLength(6);
    await world.expectClean(run);
  });

  test('are free again when the hold ends', async () => {
    await world.held(run, [1, 2], changing);
    world.pass(901);
    await world.sweep();
    await world.sweep();
    expect(await ownedPieces()).toHaveLength(0);
    await world.expectClean(run);
  });

  const endedWithMoney = async () => {
    const orderId = await world.held(run, [1, 2], changing);
    const payment = await world.pay(orderId);
    await cancelOrder(world.dependencies)(orderId, userIdSchema.parse('user-1'));
    world.pass(1300);
    await world.sweep();
    await world.sweep();
    const ended = await world.standing(orderId, 'cancelled');
    world.buyerPays(payment);
    await world.notify(payment);
    return { orderId, payment, ended };
  };

  test('are taken again by late money, with new owners', async () => {
    const { orderId, payment, ended } = await endedWithMoney();
    expect(await applyPayment(world.dependencies)(payment.paymentId)).toMatchObject({ now: 'paid' });
    const order = await world.standing(orderId, 'paid');
    const seatsIn = ({ items }: Pick<typeof order, 'items'>) =>
      Object.values(items).flatMap((item) => placesOf(item).map(({ piece }) => piece));
    expect(seatsIn(order)).toEqual(seatsIn(ended));
    const owners = Object.values(order.items).flatMap((item) => placesOf(item).map(({ owner }) => owner));
    expect(new Set(owners).size).toBe(2);
    await world.expectClean(run);
  });

  test('stay free when one of them is gone: late money goes back', async () => {
    const { orderId, payment, ended } = await endedWithMoney();
    // Somebody has the second seat of one passenger.
    const wanted = Object.values(ended.items)[1]?.thenPlace?.piece.seat;
    for (let who = 31; who < 35; who += 1) {
      const held = orderIdSchema.parse(
        ((await world.order(run, [who], { from: 1 })) as { answer: string }).answer,
      );
      if ((await world.standing(held, 'held')).items['1']?.place.piece.seat === wanted) break;
    }
    const before = await ownedPieces();
    expect(await applyPayment(world.dependencies)(payment.paymentId)).toMatchObject({
      now: 'refund-requested',
    });
    await world.standing(orderId, 'refunding');
    expect(await ownedPieces()).toEqual(before);
    await world.expectClean(run);
  });

  test('are freed when a function freezes between them and the commit, which then never happens', async () => {
    const [thawed, frozen] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const bookings = by(world.bookings, async (command, send) => {
      if (command instanceof TransactWriteCommand) {
        frozen.resolve();
        await thawed.promise;
      }
      return send(command);
    });
    const late = orderFor({ ...world.dependencies, bookings }, run, [1], changing);
    await frozen.promise;
    expect(await ownedPieces()).toHaveLength(6);
    world.pass(121);
    await orphansFreed();
    expect(await ownedPieces()).toHaveLength(4);
    thawed.resolve();
    expect(await late).toMatchObject({ outcome: 'rejected' });
    expect(await ownedPieces()).toHaveLength(4);
    await world.expectClean(run);
  });
});

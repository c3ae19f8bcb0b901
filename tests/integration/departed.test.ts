import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Payment } from '../../shared/payments/model.ts';
import { readRefund } from '../../shared/payments/refunds-store.ts';
import type { OrderId } from '../../shared/platform/ids.ts';
import { instantSchema, plusSeconds } from '../../shared/platform/time.ts';
import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { refundedFor } from '../../shared/paying/refunded-for.ts';
import { listTickets } from '../../shared/tickets/store.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { closeForEnd, issuePaidOrder, refundPaidOrder, releaseForEnd } from '../support/order-by-id.ts';
import { by } from '../support/faulty-table.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
beforeAll(async () => {
  world = await purchaseWorld();
});
afterAll(() => world.stop());

/** Each run calls at its stops at five past one, two, three and four. */

/** So many seconds before (or after) a run leaves a stop. */
const goTo = (run: Run, secondsLeft: number, stop = 0): void => {
  world.time.now = plusSeconds(run.stops[stop]!.departs, -secondsLeft);
};

const tickets = (orderId: OrderId) => listTickets(world.bookings, orderId);
const refundOf = ({ orderId, paymentId }: Payment) =>
  readRefund(world.bookings, orderId, `${paymentId}_whole`);

describe('a hold shortly before departure', () => {
  test('ends when the sale closes', async () => {
    const run = await world.nextRun();
    goTo(run, 300 + 240);
    const orderId = await world.held(run, [1]);
    const { expiresAt } = await world.standing(orderId, 'held');
    expect(expiresAt).toBe(plusSeconds(run.stops[0]!.departs, -300));
  });

  test('counts from the stop where one boards, not from the first of the run', async () => {
    const run = await world.nextRun();
    goTo(run, 540, 2);
    const orderId = await world.held(run, [2], { from: 2, to: 3 });
    const { expiresAt } = await world.standing(orderId, 'held');
    expect(expiresAt).toBe(plusSeconds(run.stops[2]!.departs, -300));
    expect(await world.order(run, [3], { from: 1, to: 3 })).toMatchObject({ reason: 'not-on-sale' });
  });

  test('is not offered when it would be too short to pay, and nothing is taken for it', async () => {
    const run = await world.nextRun();
    goTo(run, 300 + 180);
    const orderId = await world.held(run, [4], { from: 0, to: 1 });
    await expect(world.pay(orderId)).resolves.toMatchObject({ state: 'pending' });
    world.pass(0.001);
    expect(await world.order(run, [5], { from: 0, to: 1 })).toMatchObject({ reason: 'not-on-sale' });
    expect(await world.owned(run)).toHaveLength(1);
  });
});

describe('money that comes for a run that has left', () => {
  test('is taken, becomes no ticket, and goes back with its reason', async () => {
    const run = await world.nextRun();
    goTo(run, 500);
    const orderId = await world.held(run, [10]);
    const payment = await world.pay(orderId);
    goTo(run, -1);
    world.buyerPays(payment);
    await world.notify(payment);
    expect(await applyPayment(world)(payment.paymentId)).toMatchObject({ now: 'paid' });
    expect(await issuePaidOrder(world)(orderId)).toMatchObject({ reason: 'no-travel' });
    expect(await refundPaidOrder(world)(orderId)).toMatchObject({ outcome: 'accepted' });
    await world.sweep();
    expect(await tickets(orderId)).toEqual([]);
    expect(await refundOf(payment)).toMatchObject({ state: 'requested', reason: 'departed' });
    expect(await world.owned(run)).toHaveLength(0);
    world.pass(60);
    await world.sweep();
    const order = await world.standing(orderId, 'refunded');
    expect(world.bank.refunds.get(`${payment.paymentId}_whole`)).toBe(payment.amount.amount);
    expect(await refundedFor(world.bookings)(order)).toBe('departed');
  });

  test('by the clean-up alone too, which learns of it by asking', async () => {
    const run = await world.nextRun();
    goTo(run, 500);
    const orderId = await world.held(run, [11]);
    const payment = await world.pay(orderId);
    world.buyerPays(payment);
    goTo(run, 0);
    for (let round = 0; round < 4; round += 1) {
      await world.sweep();
      world.pass(60);
    }
    await world.standing(orderId, 'refunded');
    expect(await tickets(orderId)).toEqual([]);
    expect(await refundOf(payment)).toMatchObject({ state: 'succeeded', reason: 'departed' });
  });

  test('becomes a ticket in the last moment before', async () => {
    const run = await world.nextRun();
    goTo(run, 500);
    const orderId = await world.held(run, [12]);
    const payment = await world.pay(orderId);
    goTo(run, 0.001);
    await world.notify(payment);
    await applyPayment(world)(payment.paymentId);
    expect(await issuePaidOrder(world)(orderId)).toMatchObject({ outcome: 'accepted' });
  });

  test('becomes a ticket from a later stop that the run has not left', async () => {
    const run = await world.nextRun();
    goTo(run, 500, 2);
    const orderId = await world.held(run, [13], { from: 2, to: 3 });
    const payment = await world.pay(orderId);
    await world.notify(payment);
    await applyPayment(world)(payment.paymentId);
    expect(await issuePaidOrder(world)(orderId)).toMatchObject({ outcome: 'accepted' });
  });

  test('is judged by the moment of the write: a slow key is no way round it', async () => {
    const run = await world.nextRun();
    goTo(run, 500);
    const orderId = await world.held(run, [14]);
    const payment = await world.pay(orderId);
    await world.notify(payment);
    await applyPayment(world)(payment.paymentId);
    goTo(run, 1);
    const slow = { ...world.dependencies, signingKey: () => (goTo(run, 0), world.dependencies.signingKey()) };
    expect(await issuePaidOrder(slow)(orderId)).toMatchObject({ reason: 'no-travel' });
    expect(await tickets(orderId)).toEqual([]);
  });

  test('the write itself refuses the ticket, whatever was decided', async () => {
    const run = await world.nextRun();
    goTo(run, 500);
    const orderId = await world.held(run, [15]);
    const payment = await world.pay(orderId);
    await world.notify(payment);
    await applyPayment(world)(payment.paymentId);
    goTo(run, -1);
    // A reader that takes the order for one of tomorrow.
    const misled = by(world.bookings, async (command, send) => {
      const answer = (await send(command)) as { Item?: { departsAt?: string } };
      if (command instanceof GetCommand && answer.Item?.departsAt)
        answer.Item.departsAt = instantSchema.parse('2027-12-01T00:00:00.000Z');
      return answer;
    });
    expect(await issuePaidOrder({ ...world.dependencies, bookings: misled })(orderId)).toMatchObject({
      reason: 'not-paid',
    });
    await world.standing(orderId, 'paid');
    expect(await tickets(orderId)).toEqual([]);
  });
});

describe('late money for an order that has ended', () => {
  const endedWithPayment = async (run: Run, person: number) => {
    goTo(run, 2000);
    const orderId = await world.held(run, [person]);
    const payment = await world.pay(orderId);
    world.bank.trades.set(payment.paymentId, { state: 'closed' });
    world.pass(1000);
    await closeForEnd(world)(orderId, 'expired');
    await releaseForEnd(world)(orderId);
    await world.standing(orderId, 'expired');
    return { orderId, payment };
  };

  test('takes no seats again once the run has left, and goes back with that reason', async () => {
    const run = await world.nextRun();
    const { orderId, payment } = await endedWithPayment(run, 20);
    goTo(run, 0);
    await world.notify(payment);
    let holds = 0;
    const inventory = by(world.inventory, (command, send) => ((holds += 1), send(command)));
    expect(await applyPayment({ ...world.dependencies, inventory })(payment.paymentId)).toMatchObject({
      now: 'refund-requested',
    });
    await world.standing(orderId, 'refunding');
    expect(await refundOf(payment)).toMatchObject({ reason: 'departed' });
    expect(holds).toBe(0);
    expect(await world.owned(run)).toHaveLength(0);
  });

  test('gives the seats back when the run left while they were taken', async () => {
    const run = await world.nextRun();
    const { orderId, payment } = await endedWithPayment(run, 21);
    goTo(run, 1);
    await world.notify(payment);
    // The run leaves in the moment in which its seats are taken again.
    const inventory = by(world.inventory, async (command, send) => {
      const answer = await send(command);
      goTo(run, 0);
      return answer;
    });
    expect(await applyPayment({ ...world.dependencies, inventory })(payment.paymentId)).toMatchObject({
      now: 'refund-requested',
    });
    await world.standing(orderId, 'refunding');
    expect(await refundOf(payment)).toMatchObject({ reason: 'departed' });
    expect(await world.owned(run)).toHaveLength(0);
  });

  test('buys the same seats again before that', async () => {
    const run = await world.nextRun();
    const { orderId, payment } = await endedWithPayment(run, 22);
    goTo(run, 1);
    await world.notify(payment);
    expect(await applyPayment(world)(payment.paymentId)).toMatchObject({ now: 'paid' });
    expect(await issuePaidOrder(world)(orderId)).toMatchObject({ outcome: 'accepted' });
  });
});

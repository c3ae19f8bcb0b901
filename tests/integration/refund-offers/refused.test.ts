import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { randomUUID } from 'node:crypto';
import { makeRefundOffer } from '../../../shared/after-sale/make-offer.ts';
import { putRefund } from '../../../shared/payments/refunds-store.ts';
import { takeRefundable } from '../../../shared/payments/store.ts';
import { offerIdOf, orderIdSchema, type OrderId } from '../../../shared/platform/ids.ts';
import { writeTogether } from '../../../shared/platform/dynamo.ts';
import { sampleRefund } from '../../support/sample-refund.ts';
import { made, refundWorld, type RefundWorld } from '../../support/refund-world.ts';

/* What is not offered, and offers that nobody can accept: each refusal says why, and changes nothing. */

let world: RefundWorld;
beforeAll(async () => {
  world = await refundWorld();
});
afterAll(() => world.stop());

let people = 0;
/** An issued order of a user of its own, for one passenger. */
const issued = async () => {
  const run = await world.nextRun(1);
  const user = `user-${(people += 1)}`;
  const orderId = await world.issued(run, [people], { user });
  return { run, user, orderId };
};

/** A passenger has travelled on the first ticket of an order. */
const useTicket = (orderId: OrderId) =>
  world.bookings.client.send(
    new UpdateCommand({
      TableName: world.bookings.name,
      Key: { pk: `ORDER#${orderId}`, sk: 'TICKET#1' },
      UpdateExpression: 'SET #state = :used, checkIn = :checkIn',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ':used': 'checkedIn',
        ':checkIn': { at: world.time.now, stopId: 'S0', gateId: 'north-1', useId: 'use-no-1' },
      },
    }),
  );

/** Another way in which money of an order goes back. */
const giveBackOtherwise = async (orderId: OrderId, amount: number) => {
  const { payments } = await world.stored(orderId);
  const [{ paymentId }] = payments as [(typeof payments)[number]];
  const refund = sampleRefund('requested', {
    orderId,
    paymentId,
    refundNumber: `${paymentId}_item9`,
    amount: { amount, currency: 'CNY' },
  });
  await writeTogether(world.bookings.client, [
    { label: 'payment', write: takeRefundable(world.bookings, paymentId, amount) },
    { label: 'refund', write: putRefund(world.bookings, refund) },
  ]);
};

describe('no offer is made', () => {
  test('for somebody else’s order, or one that does not exist', async () => {
    const { orderId, user } = await issued();
    expect(await world.offer(orderId, 'stranger')).toMatchObject({ reason: 'not-found' });
    const none = orderIdSchema.parse('01KBZ5Q7W8XN3V4M5T6R7S8P9Z');
    expect(await world.offer(none, user)).toMatchObject({ reason: 'not-found' });
  });

  test('for a ticket of another order', async () => {
    const { orderId, user } = await issued();
    expect(await world.offer(orderId, user, [2])).toMatchObject({ reason: 'not-found' });
  });

  test('for an order without tickets', async () => {
    const orderId = await world.held(await world.nextRun(1), [40], { user: 'user-40' });
    expect(await world.offer(orderId, 'user-40')).toMatchObject({ reason: 'order-not-issued' });
  });

  test('for a ticket that was used, or given back', async () => {
    const used = await issued();
    await useTicket(used.orderId);
    expect(await world.offer(used.orderId, used.user, [1])).toMatchObject({ reason: 'ticket-used' });
    expect(await world.offer(used.orderId, used.user)).toMatchObject({ reason: 'ticket-used' });

    const back = await issued();
    await world.accept(await made(world.offer(back.orderId, back.user)), back.user);
    expect(await world.offer(back.orderId, back.user, [1])).toMatchObject({ reason: 'ticket-not-valid' });
    expect(await world.offer(back.orderId, back.user)).toMatchObject({ reason: 'ticket-not-valid' });
  });

  test('while another one is open, until that has run out', async () => {
    const { orderId, user } = await issued();
    const first = await made(world.offer(orderId, user));
    expect(await world.offer(orderId, user)).toMatchObject({ reason: 'offer-open' });
    world.pass(599);
    expect(await world.offer(orderId, user)).toMatchObject({ reason: 'offer-open' });
    world.pass(1);
    const second = await made(world.offer(orderId, user));
    expect(second.offerId).not.toBe(first.offerId);
    expect(await world.accept(first, user)).toMatchObject({ reason: 'offer-expired' });
    expect(await world.accept(second, user)).toMatchObject({ outcome: 'accepted' });
  });

  test('after the departure', async () => {
    const { run, orderId, user } = await issued();
    const before = world.time.now;
    world.time.now = run.stops[0]!.departs;
    expect(await world.offer(orderId, user)).toMatchObject({ reason: 'too-late-to-refund' });
    world.time.now = before;
  });

  test('if too little of the money is left', async () => {
    const { orderId, user } = await issued();
    await giveBackOtherwise(orderId, 20_000);
    expect(await world.offer(orderId, user)).toMatchObject({ reason: 'money-gone-back' });
  });

  test('twice for one request, and none under its key for other tickets', async () => {
    const { orderId, user } = await issued();
    const key = randomUUID();
    const offer = await made(world.offer(orderId, user, undefined, key));
    expect(await made(world.offer(orderId, user, undefined, key))).toEqual(offer);
    expect(await world.offer(orderId, user, [1], key)).toMatchObject({ reason: 'key-reused' });
    world.pass(700);
    expect(await made(world.offer(orderId, user, undefined, key))).toEqual(offer);
  });
});

describe('an offer is not accepted', () => {
  test('by somebody else, or if it does not exist', async () => {
    const { orderId, user } = await issued();
    const offer = await made(world.offer(orderId, user));
    expect(await world.accept(offer, 'stranger')).toMatchObject({ reason: 'not-found' });
    const none = { offerId: offerIdOf(orderId, orderId) };
    expect(await world.accept(none, user)).toMatchObject({ reason: 'not-found' });
    expect((await world.stored(orderId)).tickets).toMatchObject([{ state: 'issued' }]);
  });

  test('once it has run out, to the second', async () => {
    const late = await issued();
    const tooLate = await made(world.offer(late.orderId, late.user));
    world.pass(600);
    expect(await world.accept(tooLate, late.user)).toMatchObject({ reason: 'offer-expired' });
    expect((await world.stored(late.orderId)).refunds).toEqual([]);

    const inTime = await made(world.offer(late.orderId, late.user));
    world.pass(599);
    expect(await world.accept(inTime, late.user)).toMatchObject({ outcome: 'accepted' });
  });

  test('twice', async () => {
    const { run, orderId, user } = await issued();
    const offer = await made(world.offer(orderId, user));
    expect(await world.accept(offer, user)).toMatchObject({ outcome: 'accepted' });
    const before = await world.stored(orderId);
    expect(await world.accept(offer, user)).toMatchObject({ reason: 'offer-used' });
    world.pass(1000);
    expect(await world.accept(offer, user)).toMatchObject({ reason: 'offer-used' });
    expect((await world.stored(orderId)).refunds).toEqual(before.refunds);
    expect(await world.owned(run)).toEqual([]);
  });

  test('if the ticket was used meanwhile', async () => {
    const { orderId, user } = await issued();
    const offer = await made(world.offer(orderId, user));
    await useTicket(orderId);
    expect(await world.accept(offer, user)).toMatchObject({ reason: 'ticket-used' });
  });

  test('if too little of the money is left meanwhile', async () => {
    const { orderId, user } = await issued();
    const offer = await made(world.offer(orderId, user));
    await giveBackOtherwise(orderId, 20_000);
    expect(await world.accept(offer, user)).toMatchObject({ reason: 'money-gone-back' });
    expect((await world.stored(orderId)).tickets).toMatchObject([{ state: 'issued' }]);
  });
});

test('a carrier without rules offers nothing', async () => {
  const { orderId } = await issued();
  const { userId } = await world.standing(orderId, 'issued');
  const { afterSale: _afterSale, ...carrier } = world.carrier;
  const scope = { userId, route: 'refund-offers', key: randomUUID(), bodyHash: '' };
  const wish = { orderId, userId, ticketIds: undefined, scope };
  expect(await makeRefundOffer({ ...world.dependencies, carrier })(wish)).toMatchObject({
    reason: 'not-refundable',
  });
});

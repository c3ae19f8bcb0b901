import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { readClaims } from '../../shared/orders/claims-store.ts';
import type { ClaimWish } from '../../shared/orders/rules.ts';
import type { CommittedOrder } from '../../shared/orders/model.ts';
import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { claimsOf } from '../../shared/paying/claims-of.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import { instantSchema, plusSeconds } from '../../shared/platform/time.ts';
import { endOrderData } from '../../shared/upkeep/end-order-data.ts';
import { closeForEnd, issuePaidOrder, refundPaidOrder, releaseForEnd } from '../support/order-by-id.ts';
import { by } from '../support/faulty-table.ts';
import { orderFor } from '../support/order-for.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';
import { samplePayment } from '../support/sample-payment.ts';
import { longRun } from '../support/long-run.ts';

/** Claims end by themselves a quarter after their day. No order stays for ever because of that. */
let world: PurchaseWorld;
beforeEach(async () => {
  world = await purchaseWorld();
});
afterEach(() => world.stop());

const deleteDay = ({ claim }: ClaimWish, day: string) =>
  world.bookings.client.send(
    new DeleteCommand({
      TableName: world.bookings.name,
      Key: { pk: `CLAIM#${claim}#${day}`, sk: 'CLAIM' },
    }),
  );
const claimed = async (order: CommittedOrder) =>
  (await readClaims(world.bookings, claimsOf(order))).flatMap((each) => Object.keys(each.claims));

const paid = async (orderId: Awaited<ReturnType<PurchaseWorld['held']>>) => {
  const payment = await world.pay(orderId);
  world.buyerPays(payment);
  await recordNotification(world)('alipay', {
    notificationId: `n-${payment.paymentId}`,
    paymentNumber: payment.paymentId,
    says: { kind: 'captured', providerTrade: `trade-${payment.paymentId}`, paid: payment.amount },
  });
  await applyPayment(world)(payment.paymentId);
};

test('T8: an order ends whose claims have ended before it, and frees what still stands', async () => {
  const run = await longRun(world.timetable, { days: 2 });
  const orderId = await world.held(run, [1, 2]);
  const order = await world.standing(orderId, 'held');
  world.pass(1300);
  await closeForEnd(world)(orderId, 'expired');
  for (const wish of claimsOf(order)) await deleteDay(wish, '2026-12-20');
  await releaseForEnd(world)(orderId);
  await world.standing(orderId, 'expired');
  expect(await claimed(order)).toEqual([]);
});

test('T16: money goes back where the claims have ended before it', async () => {
  const run = await longRun(world.timetable, { days: 2 });
  const orderId = await world.held(run, [1, 2]);
  await paid(orderId);
  const order = await world.standing(orderId, 'paid');
  const [first] = claimsOf(order);
  await deleteDay(first!, '2026-12-20');
  await deleteDay(first!, '2026-12-21');
  await refundPaidOrder(world)(orderId);
  await world.standing(orderId, 'refunding');
  expect(await claimed(order)).toEqual([]);
});

test('an order is stripped of which some days’ claims have ended and others have not', async () => {
  const run = await longRun(world.timetable, { days: 2 });
  const orderId = await world.held(run, [1, 2]);
  await paid(orderId);
  await issuePaidOrder(world)(orderId);
  const order = await world.standing(orderId, 'issued');
  for (const wish of claimsOf(order)) await deleteDay(wish, '2026-12-20');
  world.time.now = plusSeconds(order.arrivesAt, 32 * 86_400);
  expect(await endOrderData(world)(orderId)).toMatchObject({ step: 'strip' });
  expect(await claimed(order)).toEqual([]);
});

describe('a journey of many days', () => {
  const party = [1, 2, 3, 4, 5, 6, 7, 8, 9];

  test('of nine is held, given back, sold and stripped, for nine passengers', async () => {
    const run = await longRun(world.timetable, { days: 9 });
    const orderId = await world.held(run, party);
    const order = await world.standing(orderId, 'held');
    world.pass(1300);
    await closeForEnd(world)(orderId, 'expired');
    await releaseForEnd(world)(orderId);
    await world.standing(orderId, 'expired');
    const again = await world.held(run, party);
    await paid(again);
    await issuePaidOrder(world)(again);
    world.time.now = plusSeconds(order.arrivesAt, 32 * 86_400);
    expect(await endOrderData(world)(again)).toMatchObject({ step: 'strip' });
    expect(await claimed(await world.standing(again, 'issued'))).toEqual([]);
  });

  test('is stripped in one step after the other where it is too much for one write', async () => {
    const run = await longRun(world.timetable, { days: 9 });
    const orderId = await world.held(run, party);
    await paid(orderId);
    await issuePaidOrder(world)(orderId);
    const order = await world.standing(orderId, 'issued');
    // Payments that its passengers began and never finished.
    for (let number = 2; number <= 20; number += 1) {
      const payment = samplePayment('closed', { orderId, n: number });
      const Item = { pk: `ORDER#${orderId}`, sk: `PAYMENT#${payment.paymentId}`, ...payment };
      await world.bookings.client.send(new PutCommand({ TableName: world.bookings.name, Item }));
    }
    const sizes: number[] = [];
    const bookings = by(world.bookings, (command, send) => {
      const { TransactItems } = (command as { input: { TransactItems?: unknown[] } }).input;
      if (TransactItems) sizes.push(TransactItems.length);
      return send(command);
    });
    world.time.now = plusSeconds(order.arrivesAt, 32 * 86_400);
    expect(await endOrderData({ ...world.dependencies, bookings })(orderId)).toMatchObject({ step: 'strip' });
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100);
    expect(JSON.stringify(await world.standing(orderId, 'issued'))).not.toContain('旅客1');
  });

  test('of more than nine is refused before anything is taken', async () => {
    world.time.now = instantSchema.parse('2026-12-10T00:00:00.000Z');
    const run = await longRun(world.timetable, { days: 10 });
    expect(await orderFor(world.dependencies, run, [1])).toEqual({
      outcome: 'rejected',
      reason: 'journey-too-long',
    });
    expect((await world.pieces(run)).filter(({ owner }) => owner !== 'free')).toEqual([]);
    expect(await orderFor(world.dependencies, run, [1], { to: 2 })).toMatchObject({ outcome: 'accepted' });
  });
});

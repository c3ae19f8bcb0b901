import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { auditTables } from '../../shared/audit/scan.ts';
import type { Payment } from '../../shared/payments/model.ts';
import { readRefund } from '../../shared/payments/refunds-store.ts';
import { listPayments, readPayment } from '../../shared/payments/store.ts';
import { dueOf } from '../../shared/bookings/due.ts';
import { orderIdSchema, type OrderId } from '../../shared/platform/ids.ts';
import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { listWhatNeedsAPerson, measureAttention, settle } from '../../shared/upkeep/attention.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { recordCapture } from '../../shared/paying/record-notification.ts';
import { submitRefund } from '../../shared/paying/submit-refund.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { refundPaidOrder } from '../support/order-by-id.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
let run: Run;
beforeEach(async () => {
  world = await purchaseWorld();
  run = await world.openRun('2026-12-20', 2);
});
afterEach(() => world.stop());

const clean = () => cleanUp(world.dependencies)({ hasTime: () => true });
const cleanFor = async (hours: number): Promise<void> => {
  for (let minutes = 0; minutes < hours * 60; minutes += 10) {
    world.pass(600);
    await clean();
  }
};
const findings = async () => {
  await world.count(run);
  const { findings: found } = await auditTables({ ...world.dependencies, secondLookMilliseconds: 1 });
  return found.map(({ invariant, what }) => `${invariant}: ${what}`);
};
const attention = async () => (await listWhatNeedsAPerson(world.bookings, { perShardMax: 100 })).items;
const kinds = async () => (await attention()).map(({ id, attention: { kind } }) => `${kind} ${id}`);

const takes = (payment: Payment, amount: number, currency = 'CNY'): void =>
  void world.bank.trades.set(payment.paymentId, {
    state: 'captured',
    providerTrade: `trade-${payment.paymentId}`,
    paid: { amount, currency },
  });

const begun = async (people = [1]): Promise<{ orderId: OrderId; payment: Payment; number: string }> => {
  const orderId = await world.held(run, people);
  const payment = await world.pay(orderId);
  return { orderId, payment, number: `${payment.paymentId}_whole` };
};

/** An order that was paid and cannot be issued: its refund is requested. */
const refunding = async () => {
  const order = await begun();
  world.buyerPays(order.payment);
  await world.notify(order.payment);
  await applyPayment(world)(order.payment.paymentId);
  await refundPaidOrder(world)(order.orderId);
  return order;
};

describe('a refund that the provider declines', () => {
  test('for a reason that passes is tried on, and goes back by itself when the balance was topped up', async () => {
    const { orderId, number } = await refunding();
    world.bank.state.refundAnswer = { state: 'declined', why: 'ACQ.SELLER_BALANCE_NOT_ENOUGH' };
    expect(await submitRefund(world)(orderId, number)).toMatchObject({ reason: 'not-confirmed' });
    expect(await attention()).toEqual([]);
    await cleanFor(2);
    expect(await attention()).toMatchObject([
      { id: number, orderId, attention: { kind: 'refund-declined', why: 'ACQ.SELLER_BALANCE_NOT_ENOUGH' } },
    ]);
    expect(await findings()).toEqual([]);
    world.bank.state.refundAnswer = { state: 'succeeded' };
    await cleanFor(2);
    expect((await readRefund(world.bookings, orderId, number))?.state).toBe('succeeded');
    await world.standing(orderId, 'refunded');
    expect(await attention()).toEqual([]);
    expect(await findings()).toEqual([]);
  });

  test('for good reaches a person in the write that says so, and is asked about on', async () => {
    const { orderId, number } = await refunding();
    world.bank.state.refundAnswer = { state: 'failed', why: 'ACQ.TRADE_HAS_FINISHED' };
    expect(await submitRefund(world)(orderId, number)).toMatchObject({ reason: 'declined' });
    expect(await kinds()).toEqual([`refund-declined ${number}`]);
    expect(await findings()).toEqual([]);
    // The provider pays it all the same, and nobody tells us.
    world.bank.refunds.set(number, 30_000);
    await cleanFor(13);
    expect((await readRefund(world.bookings, orderId, number))?.state).toBe('succeeded');
    await world.standing(orderId, 'refunded');
    expect(await attention()).toEqual([]);
    expect(await findings()).toEqual([]);
  });
});

test('a refund that is never confirmed reaches a person by its own age, and is tried on', async () => {
  const { orderId, number } = await refunding();
  world.bank.state.silent = true;
  await cleanFor(0.5);
  expect(await attention()).toEqual([]);
  await cleanFor(8);
  expect(await kinds()).toEqual([`refund-unconfirmed ${number}`]);
  const { waiting, oldestSeconds } = await measureAttention(world.bookings, world.time.now);
  expect(waiting).toBe(1);
  expect(oldestSeconds).toBeGreaterThan(7 * 3600);
  expect(await findings()).toEqual([]);
  world.bank.state.silent = false;
  await cleanFor(2);
  await world.standing(orderId, 'refunded');
  expect(await attention()).toEqual([]);
});

test('a payment that the provider will not close reaches a person by its own age, and is asked on', async () => {
  const { orderId, payment } = await begun();
  world.bank.state.silent = true;
  await cleanFor(6);
  await world.standing(orderId, 'expired');
  expect(await kinds()).toEqual([`payment-unclosed ${payment.paymentId}`]);
  expect(await findings()).toEqual([]);
  world.bank.state.silent = false;
  await cleanFor(1);
  expect((await readPayment(world.bookings, payment.paymentId))?.state).toBe('closed');
  expect(await attention()).toEqual([]);
});

describe('another amount than asked for', () => {
  test.each([
    ['less', 29_999, 'CNY'],
    ['more', 30_001, 'CNY'],
    ['of another currency', 30_000, 'USD'],
  ])('%s is booked as what it is, goes back by itself, and pays nothing', async (_, amount, currency) => {
    const { orderId, payment, number } = await begun();
    takes(payment, amount, currency);
    world.pass(130);
    await clean();
    expect(await readPayment(world.bookings, payment.paymentId)).toMatchObject({
      state: 'captured',
      taken: { amount, currency },
      refundable: 0,
    });
    await world.standing(orderId, 'held');
    await cleanFor(1);
    await world.standing(orderId, 'expired');
    expect(await readRefund(world.bookings, orderId, number)).toMatchObject({
      state: 'succeeded',
      amount: { amount, currency },
      reason: 'other-amount',
    });
    expect(world.bank.refunds.get(number)).toBe(amount);
    expect(await attention()).toEqual([]);
    expect(await findings()).toEqual([]);
  });

  test('leaves the order to another payment', async () => {
    const { orderId, payment } = await begun();
    takes(payment, 1);
    world.pass(130);
    await clean();
    const second = await world.pay(orderId);
    world.buyerPays(second);
    await world.notify(second);
    await applyPayment(world)(second.paymentId);
    await clean();
    expect((await world.standing(orderId, 'paid')).paidBy).toBe(second.paymentId);
    world.pass(60);
    await clean();
    await world.standing(orderId, 'issued');
    world.pass(3600);
    await clean();
    expect(await findings()).toEqual([]);
    expect(await listPayments(world.bookings, orderId)).toMatchObject([
      { state: 'refunded' },
      { state: 'captured' },
    ]);
  });

  test('told by a notification moves no money until the provider’s books say so, also when it was closed', async () => {
    const { orderId, payment, number } = await begun();
    await cleanFor(1);
    expect((await readPayment(world.bookings, payment.paymentId))?.state).toBe('closed');
    takes(payment, 7);
    expect(await world.notify(payment, { paid: { amount: 7, currency: 'CNY' } })).toMatchObject({
      reason: 'amount-mismatch',
    });
    expect(
      await world.notify(payment, { paid: { amount: 7, currency: 'CNY' }, notificationId: 'again' }),
    ).toMatchObject({ reason: 'amount-mismatch' });
    expect(world.bank.refunds.size).toBe(0);
    await clean();
    await cleanFor(1);
    expect(await readRefund(world.bookings, orderId, number)).toMatchObject({
      state: 'succeeded',
      amount: { amount: 7 },
    });
    expect(
      await world.notify(payment, { paid: { amount: 7, currency: 'CNY' }, notificationId: 'late' }),
    ).toMatchObject({ now: 'already-known' });
    expect(await attention()).toEqual([]);
    expect(await findings()).toEqual([]);
  });

  test('told by a notification that the provider’s books contradict reaches a person', async () => {
    const { payment } = await begun();
    await cleanFor(1);
    await world.notify(payment, { paid: { amount: 7, currency: 'CNY' } });
    await clean();
    expect(await kinds()).toEqual([`amount-disputed ${payment.paymentId}`]);
    expect(await findings()).toEqual([]);
    const person = { by: 'zhang', reason: 'Alipay took its notification back' };
    expect(await settle(world)(payment.paymentId, person)).toMatchObject({ now: 'seen-to' });
    expect(await attention()).toEqual([]);
    expect((await readPayment(world.bookings, payment.paymentId))?.handled).toMatchObject([person]);
  });

  test('than what is booked reaches a person once, however often it is told', async () => {
    const { payment } = await begun();
    world.buyerPays(payment);
    await world.notify(payment);
    const other = { amount: 1, currency: 'CNY' };
    expect(await world.notify(payment, { paid: other, notificationId: 'other' })).toMatchObject({
      now: 'already-known',
    });
    expect(await kinds()).toEqual([`amount-disputed ${payment.paymentId}`]);
    await settle(world)(payment.paymentId, { by: 'zhang', reason: 'a fault of the provider' });
    const stands = (await readPayment(world.bookings, payment.paymentId))!;
    await recordCapture(world)(stands, { state: 'captured', providerTrade: 't', paid: other });
    expect(await attention()).toEqual([]);
  });

  test('told in the moment in which the right one is booked is not lost', async () => {
    const { payment } = await begun();
    // Read before, and written after the other has been booked.
    takes(payment, 5);
    await recordCapture(world)(payment, {
      state: 'captured',
      providerTrade: 't',
      paid: { amount: 5, currency: 'CNY' },
    });
    expect(
      await recordCapture(world)(payment, { state: 'captured', providerTrade: 't', paid: payment.amount }),
    ).toMatchObject({ now: 'already-known' });
    expect(await kinds()).toEqual([`amount-disputed ${payment.paymentId}`]);
  });

  test('of nothing is no payment: the order ends, and a person is told in time', async () => {
    const { orderId, payment } = await begun();
    takes(payment, 0);
    await cleanFor(3);
    await world.standing(orderId, 'expired');
    expect(await kinds()).toEqual([`payment-unclosed ${payment.paymentId}`]);
    expect(await findings()).toEqual([]);
  });
});

describe('what the clean-up fails for', () => {
  test('again and again reaches a person, even if it cannot be read', async () => {
    const stuck = orderIdSchema.parse('01ARZ3NDEKTSV4RRFFQ69G5F00');
    const Item = { pk: `ORDER#${stuck}`, sk: 'ORDER', state: 'unheard-of', ...dueOf(stuck, world.time.now) };
    await world.bookings.client.send(new PutCommand({ TableName: world.bookings.name, Item }));
    await cleanFor(0.5);
    expect(await attention()).toEqual([]);
    await cleanFor(1);
    expect(await attention()).toMatchObject([
      { id: stuck, attention: { kind: 'keeps-failing', why: 'ZodError' } },
    ]);
  });

  test('now and then, with long pauses, does not', async () => {
    const stuck = orderIdSchema.parse('01ARZ3NDEKTSV4RRFFQ69G5F00');
    const Item = { pk: `ORDER#${stuck}`, sk: 'ORDER', state: 'unheard-of', ...dueOf(stuck, world.time.now) };
    await world.bookings.client.send(new PutCommand({ TableName: world.bookings.name, Item }));
    for (let n = 0; n < 3; n += 1) {
      world.pass(3 * 3600);
      await clean();
    }
    expect(await attention()).toEqual([]);
  });
});

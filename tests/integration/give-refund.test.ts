import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { giveRefund } from '../../shared/paying/give-refund.ts';
import { nameOfGrant } from '../../shared/paying/name-of-grant.ts';
import { grantedBy } from '../../shared/paying/refunded-for.ts';
import { submitRefund } from '../../shared/paying/submit-refund.ts';
import { isCaptured, type Payment } from '../../shared/payments/model.ts';
import { listRefunds } from '../../shared/payments/refunds-store.ts';
import { keyOfPayment, readPayment } from '../../shared/payments/store.ts';
import type { OrderId } from '../../shared/platform/ids.ts';
import { money } from '../../shared/platform/money.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { issuedOrder } from '../support/issued-order.ts';
import { issuePaidOrder } from '../support/order-by-id.ts';
import { by } from '../support/faulty-table.ts';
import { dyingAt } from '../support/stopping-table.ts';
import { found, put } from './guards/stored.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

/* T40. The order has cost 300.00 CNY. */

let world: PurchaseWorld;
let run: Run;
beforeEach(async () => {
  world = await purchaseWorld();
  run = await world.openRun('2026-12-20', 2);
});
afterEach(() => world.stop());

const person = { by: 'zhang', reason: 'the heating was broken' };
const give = (orderId: OrderId, amount: number, key: string, currency = 'CNY', table = world.bookings) =>
  giveRefund({ ...world, bookings: table })(orderId, {
    amount: money(amount, currency),
    person,
    name: nameOfGrant(key),
  });
const short = (given: Awaited<ReturnType<typeof give>>) =>
  given.outcome === 'accepted' ? given.now : given.reason;

const amounts = async (orderId: OrderId): Promise<number[]> =>
  (await listRefunds(world.bookings, orderId)).map(({ amount }) => amount.amount).toSorted((a, b) => a - b);

const refundable = async ({ paymentId }: Payment): Promise<number> => {
  const payment = await readPayment(world.bookings, paymentId);
  return payment && isCaptured(payment) ? payment.refundable : -1;
};

const sendAll = async (orderId: OrderId): Promise<void> => {
  for (const { refundNumber } of await listRefunds(world.bookings, orderId))
    await submitRefund(world)(orderId, refundNumber);
};

test('some of the money of an issued order goes back once for its key, and the tickets stay', async () => {
  const { orderId, payment } = await issuedOrder(world, run);
  expect(await give(orderId, 1_250, 'k')).toMatchObject({
    now: 'given',
    refunds: [{ amount: { amount: 1_250 }, reason: 'granted', handled: [{ ...person, did: 'granted' }] }],
  });
  const { history } = await world.standing(orderId, 'issued');
  expect(history.at(-1)).toMatchObject({ event: 'order-refund-granted', subject: nameOfGrant('k') });
  expect(await grantedBy(world.bookings)(orderId, nameOfGrant('k'))).toEqual(money(1_250, 'CNY'));
  expect(await grantedBy(world.bookings)(orderId, nameOfGrant('other'))).toBeUndefined();
  expect(short(await give(orderId, 1_250, 'k'))).toBe('given-before');
  expect(short(await give(orderId, 1_251, 'k'))).toBe('key-reused');
  await world.expectClean(run);
  await sendAll(orderId);
  expect((await readPayment(world.bookings, payment.paymentId))?.state).toBe('partlyRefunded');
  expect(world.bank.backOf(payment.paymentId)).toBe(1_250);
  expect(short(await give(orderId, 1_250, 'k'))).toBe('given-before');
  await world.standing(orderId, 'issued');
  await world.expectClean(run);
});

test('never more goes back than was paid, and the answer says what is left', async () => {
  const { orderId, payment } = await issuedOrder(world, run);
  expect(short(await give(orderId, 20_000, 'a'))).toBe('given');
  expect(await give(orderId, 10_001, 'b')).toMatchObject({
    reason: 'not-enough-left',
    left: money(10_000, 'CNY'),
  });
  expect(short(await give(orderId, 10_000, 'c'))).toBe('given');
  expect(await give(orderId, 1, 'd')).toMatchObject({ reason: 'not-enough-left', left: money(0, 'CNY') });
  await sendAll(orderId);
  expect((await readPayment(world.bookings, payment.paymentId))?.state).toBe('refunded');
  expect(world.bank.backOf(payment.paymentId)).toBe(30_000);
  await world.expectClean(run);
});

test('a payment is refunded only when all of it is back, also if many parts come back at once', async () => {
  const { orderId, payment } = await issuedOrder(world, run);
  for (const [n, amount] of [10_000, 7_000, 6_000, 4_000, 3_000].entries())
    expect(short(await give(orderId, amount, `k${n}`))).toBe('given');
  const stands = () => readPayment(world.bookings, payment.paymentId);
  const [first, ...others] = await listRefunds(world.bookings, orderId);
  await submitRefund(world)(orderId, first!.refundNumber);
  expect(await stands()).toMatchObject({
    state: 'partlyRefunded',
    refundable: 0,
    paidBack: first!.amount.amount,
  });
  await world.expectClean(run);
  const sent = await Promise.all(
    others.map(({ refundNumber }) => submitRefund(world)(orderId, refundNumber)),
  );
  // Nobody asks the provider again because another refund of the payment was counted at that moment.
  expect(sent).toEqual(others.map(() => ({ outcome: 'accepted', now: 'back' })));
  expect(await stands()).toMatchObject({ state: 'refunded', paidBack: 30_000 });
  await world.expectClean(run);
});

test('a refund that is back is booked at once, also if another of its payment is counted at that moment', async () => {
  const { orderId } = await issuedOrder(world, run);
  Object.assign(world.bank.refundTerms, { queryAfterSeconds: 60, sendAgainAfterSeconds: 60 });
  for (const [n, amount] of [10_000, 7_000].entries()) await give(orderId, amount, `k${n}`);
  const [first, second] = (await listRefunds(world.bookings, orderId)).map(
    ({ refundNumber }) => refundNumber,
  );
  let met = false;
  const bookings = by(world.bookings, async (command, send) => {
    if (command instanceof TransactWriteCommand && !met) {
      met = true;
      expect(await submitRefund(world)(orderId, second!)).toMatchObject({ now: 'back' });
    }
    return send(command);
  });
  expect(await submitRefund({ ...world, bookings })(orderId, first!)).toMatchObject({ now: 'back' });
  await world.expectClean(run);
});

test('an older payment, which does not count what is back, counts it from its refunds', async () => {
  const { orderId, payment } = await issuedOrder(world, run);
  for (const [n, amount] of [10_000, 12_000, 8_000].entries()) await give(orderId, amount, `k${n}`);
  const [first, second, third] = await listRefunds(world.bookings, orderId);
  await submitRefund(world)(orderId, first!.refundNumber);
  const { paidBack: _, ...older } = (await found(world.bookings, keyOfPayment(payment.paymentId)))!;
  await put(world.bookings, { ...older, state: 'refunded' });
  await submitRefund(world)(orderId, second!.refundNumber);
  expect(await readPayment(world.bookings, payment.paymentId)).toMatchObject({
    state: 'partlyRefunded',
    paidBack: 30_000 - third!.amount.amount,
  });
  await submitRefund(world)(orderId, third!.refundNumber);
  expect(await readPayment(world.bookings, payment.paymentId)).toMatchObject({ state: 'refunded' });
  await world.expectClean(run);
});

test('many at once never take more together than was paid', async () => {
  const { orderId, payment } = await issuedOrder(world, run);
  const given = await Promise.all(
    [7_000, 7_000, 7_000, 7_000, 7_000, 30_000].map((amount, n) => give(orderId, amount, `k${n}`)),
  );
  const taken = await amounts(orderId);
  expect(given.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(taken.length);
  expect(taken.length).toBeGreaterThan(0);
  expect(await refundable(payment)).toBe(30_000 - taken.reduce((sum, amount) => sum + amount, 0));
  expect(await refundable(payment)).toBeGreaterThanOrEqual(0);
  await sendAll(orderId);
  await world.expectClean(run);
});

test('the same key many times at once gives once, and another amount of it never', async () => {
  const { orderId } = await issuedOrder(world, run);
  const given = await Promise.all([
    ...Array.from({ length: 4 }, () => give(orderId, 500, 'k')),
    give(orderId, 600, 'k'),
  ]);
  expect(await amounts(orderId)).toHaveLength(1);
  expect(given.map(short).filter((each) => each === 'given')).toHaveLength(1);
  await world.expectClean(run);
});

test('a grant and a surplus at the same moment take from their own payment', async () => {
  const orderId = await world.held(run, [1]);
  const [first, second] = [await world.pay(orderId), await world.pay(orderId)];
  for (const payment of [first, second]) {
    world.buyerPays(payment);
    await world.notify(payment);
  }
  await applyPayment(world)(first.paymentId);
  await issuePaidOrder(world)(orderId);
  await world.standing(orderId, 'issued');
  const [given] = await Promise.all([
    give(orderId, 30_000, 'k'),
    applyPayment(world)(second.paymentId),
    world.sweep(),
  ]);
  expect(short(given)).toBe('given');
  expect(await amounts(orderId)).toEqual([30_000, 30_000]);
  expect([await refundable(first), await refundable(second)]).toEqual([0, 0]);
  await sendAll(orderId);
  expect([first, second].map(({ paymentId }) => world.bank.backOf(paymentId))).toEqual([30_000, 30_000]);
  await world.expectClean(run);
});

test.each(['before', 'after'] as const)('a command that dies %s its write can be repeated', async (when) => {
  const { orderId } = await issuedOrder(world, run);
  const { tables, death } = dyingAt([world.bookings], 1, when);
  await Promise.race([give(orderId, 500, 'k', 'CNY', tables[0]), death]);
  expect(short(await give(orderId, 500, 'k'))).toBe(when === 'before' ? 'given' : 'given-before');
  expect(await amounts(orderId)).toEqual([500]);
  await world.expectClean(run);
});

test('only an issued order gives money back, in its own currency', async () => {
  const orderId = await world.held(run, [1]);
  expect(short(await give(orderId, 500, 'k'))).toBe('not-issued');
  const unknown = `${orderId.slice(0, -4)}0000` as OrderId;
  expect(short(await give(unknown, 500, 'k'))).toBe('not-found');
  const { orderId: issued } = await issuedOrder(world, await world.nextRun());
  expect(short(await give(issued, 500, 'k', 'EUR'))).toBe('other-currency');
});

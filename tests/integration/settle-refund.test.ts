import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { auditTables } from '../../shared/audit/scan.ts';
import { keyOfRefund, readRefund } from '../../shared/payments/refunds-store.ts';
import { readPayment } from '../../shared/payments/store.ts';
import type { OrderId } from '../../shared/platform/ids.ts';
import { listWhatNeedsAPerson, retryAttention, settle } from '../../shared/upkeep/attention.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { retryFailedRefund } from '../../shared/paying/retry-refund.ts';
import { confirmRefund, submitRefund } from '../../shared/paying/submit-refund.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { declinedRefund } from '../support/declined-refund.ts';
import { by, type Send } from '../support/faulty-table.ts';
import { found } from './guards/stored.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
let run: Run;
beforeEach(async () => {
  world = await purchaseWorld();
  run = await world.openRun('2026-12-20', 2);
});
afterEach(() => world.stop());

const zhang = { by: 'zhang', reason: 'paid to the bank account that the buyer named' };
const li = { by: 'li', reason: 'the balance was topped up' };

const refundOf = async (orderId: OrderId, number: string) =>
  (await readRefund(world.bookings, orderId, number))!;
const attention = async () =>
  (await listWhatNeedsAPerson(world.bookings, { perShardMax: 100 })).items.map(
    ({ id, attention: { kind } }) => `${kind} ${id}`,
  );
const findings = async () => {
  await world.count(run);
  const { findings: found } = await auditTables({ ...world.dependencies, secondLookMilliseconds: 1 });
  return found.map(({ invariant, what }) => `${invariant}: ${what}`);
};
const clean = () => cleanUp(world.dependencies)({ hasTime: () => true });

const declined = () => declinedRefund(world, run);
/** Until then, a send that was recorded may still arrive. */
const declinedBefore = () => declined().finally(() => world.pass(10));

/** The provider pays what it had declined. */
const providerPays = (number: string): void => void world.bank.refunds.set(number, 30_000);

describe('a refund that was declined for good is sent again (T33)', () => {
  test('by the same number, stays in sight until it is back, and says who wanted it', async () => {
    const { orderId, number } = await declinedBefore();
    world.bank.state.refundAnswer = { state: 'succeeded' };
    expect((await retryAttention(world)(number, li)).outcome).toBe('accepted');
    expect(await refundOf(orderId, number)).toMatchObject({
      state: 'requested',
      attempts: 1,
      handled: [{ ...li, did: 'retried' }],
    });
    expect(await attention()).toEqual([`refund-unconfirmed ${number}`]);
    expect(await findings()).toEqual([]);
    await clean();
    await world.standing(orderId, 'refunded');
    expect(await attention()).toEqual([]);
    expect(await findings()).toEqual([]);
  });

  test('once for two people who saw the same, and not while it is paid by hand', async () => {
    const { orderId, number } = await declinedBefore();
    const seen = await refundOf(orderId, number);
    const both = await Promise.all([li, zhang].map((person) => retryFailedRefund(world)(seen, person)));
    expect(both.map(({ outcome }) => outcome).toSorted()).toEqual(['accepted', 'rejected']);
    await submitRefund(world)(orderId, number);
    await settle(world)(number, zhang);
    expect(await retryAttention(world)(number, li)).toMatchObject({ reason: 'in-other-hands' });
    expect((await refundOf(orderId, number)).state).toBe('settling');
    await settle(world)(number, zhang, { paid: true });
    expect(await retryAttention(world)(number, li)).toMatchObject({ reason: 'already-back' });
  });
});

describe('a refund that is paid back by hand', () => {
  test('is taken in hand by one person, asked about, paid, and booked once (T34, T35)', async () => {
    const { orderId, number, payment } = await declined();
    const both = await Promise.all([zhang, li].map((person) => settle(world)(number, person)));
    expect(both.map((one) => ('now' in one ? one.now : one.reason)).toSorted()).toEqual([
      'in-other-hands',
      'pay-by-hand',
    ]);
    const refund = await refundOf(orderId, number);
    const isZhangs = 'settledBy' in refund && refund.settledBy === 'zhang';
    const [mine, other] = isZhangs ? [zhang, li] : [li, zhang];
    expect(await attention()).toEqual([`refund-settling ${number}`]);
    expect(await findings()).toEqual([]);
    // Whoever began may ask again; nobody else can end it.
    expect(await settle(world)(number, mine)).toMatchObject({ now: 'pay-by-hand' });
    expect(await settle(world)(number, other, { paid: true })).toMatchObject({ reason: 'not-in-your-hands' });
    expect(await settle(world)(number, mine, { paid: true })).toMatchObject({ now: 'settled' });
    expect(await settle(world)(number, mine, { paid: true })).toMatchObject({ now: 'settled' });
    await world.standing(orderId, 'refunded');
    expect((await readPayment(world.bookings, payment.paymentId))?.state).toBe('refunded');
    expect(await attention()).toEqual([]);
    expect(await findings()).toEqual([]);
    expect((await refundOf(orderId, number)).handled).toMatchObject([
      { by: mine.by, did: 'began-to-settle' },
      { by: mine.by, did: 'settled' },
    ]);
  });

  test('is not paid while the provider is silent, nor when it has paid after all (T21 from settling)', async () => {
    const { orderId, number } = await declined();
    world.bank.state.silent = true;
    expect(await settle(world)(number, zhang)).toMatchObject({ reason: 'provider-silent' });
    world.bank.state.silent = false;
    providerPays(number);
    expect(await settle(world)(number, zhang)).toMatchObject({ reason: 'already-back' });
    expect((await refundOf(orderId, number)).state).toBe('succeeded');
    await world.standing(orderId, 'refunded');
    expect(await attention()).toEqual([]);
    expect(await findings()).toEqual([]);
  });

  test('is one that is declined on and on, and not one that the provider may still pay', async () => {
    const { orderId, number } = await declinedBefore();
    world.bank.state.refundAnswer = { state: 'declined', why: 'ACQ.UNHEARD_OF' };
    await retryAttention(world)(number, li);
    await submitRefund(world)(orderId, number);
    expect(await settle(world)(number, zhang)).toMatchObject({ reason: 'still-tried' });
    world.pass(10);
    expect(await settle(world)(number, zhang)).toMatchObject({ now: 'pay-by-hand' });
  });

  test('and by the provider as well, is booked as overpaid, told, and ends by a person’s word (T36)', async () => {
    const { orderId, number } = await declined();
    await settle(world)(number, zhang);
    await settle(world)(number, zhang, { paid: true });
    providerPays(number);
    for (let hour = 0; hour < 8; hour += 1) {
      world.pass(3600);
      await clean();
    }
    expect(await refundOf(orderId, number)).toMatchObject({
      state: 'settled',
      overpaidAt: expect.any(String),
    });
    expect(await attention()).toEqual([`refund-paid-twice ${number}`]);
    expect(await findings()).toEqual([]);
    expect(await settle(world)(number, li)).toMatchObject({ now: 'seen-to' });
    expect(await attention()).toEqual([]);
    expect(await findings()).toEqual([]);
  });

  test('after the provider has, is booked as overpaid as well (T36)', async () => {
    const { orderId, number } = await declined();
    await settle(world)(number, zhang);
    providerPays(number);
    await submitRefund(world)(orderId, number);
    expect(await settle(world)(number, zhang, { paid: true })).toMatchObject({ now: 'paid-twice' });
    expect(await settle(world)(number, zhang, { paid: true })).toMatchObject({ now: 'paid-twice' });
    expect((await refundOf(orderId, number)).state).toBe('succeeded');
    expect(await attention()).toEqual([`refund-paid-twice ${number}`]);
    expect(await findings()).toEqual([]);
  });

  test('after the provider has and nobody knew, is booked as overpaid at once: it is asked first', async () => {
    const { orderId, number } = await declined();
    await settle(world)(number, zhang);
    providerPays(number);
    expect(await settle(world)(number, zhang, { paid: true })).toMatchObject({ now: 'paid-twice' });
    expect((await refundOf(orderId, number)).state).toBe('succeeded');
    expect(await findings()).toEqual([]);
  });

  test('in the moment in which the provider confirms it, is booked as overpaid by whoever comes second', async () => {
    const { orderId, number, payment } = await declined();
    await settle(world)(number, zhang);
    const seen = await refundOf(orderId, number);
    let first = true;
    const bookings = by(world.bookings, async (command, send: Send) => {
      if (command instanceof TransactWriteCommand && first) {
        first = false;
        await confirmRefund(world, payment, seen);
      }
      return send(command);
    });
    expect(await settle({ ...world, bookings })(number, zhang, { paid: true })).toMatchObject({
      now: 'paid-twice',
    });
    expect(await findings()).toEqual([]);
  });

  test('is booked as overpaid by a confirmation that had read it before it was settled', async () => {
    const { orderId, number, payment } = await declined();
    await settle(world)(number, zhang);
    const seen = await refundOf(orderId, number);
    await settle(world)(number, zhang, { paid: true });
    await confirmRefund(world, payment, seen);
    await confirmRefund(world, payment, seen);
    expect(await refundOf(orderId, number)).toMatchObject({
      state: 'settled',
      overpaidAt: expect.any(String),
    });
    expect(await attention()).toEqual([`refund-paid-twice ${number}`]);
    expect(await findings()).toEqual([]);
  });

  test('takes no answer that was on its way: a late decline changes nothing', async () => {
    const { orderId, number } = await declined();
    await settle(world)(number, zhang);
    await submitRefund(world)(orderId, number);
    expect((await refundOf(orderId, number)).state).toBe('settling');
  });
});

describe('a refund that the provider neither pays nor declines', () => {
  const days = 86_400;
  const unconfirmed = { unconfirmed: true };
  const silent = async () => {
    const { orderId, number, payment } = await declined();
    await retryAttention(world)(number, li);
    world.bank.state.silent = true;
    await submitRefund(world)(orderId, number);
    expect(await found(world.bookings, keyOfRefund(orderId, number))).not.toHaveProperty('declined');
    return { orderId, number, payment };
  };

  test('is settled after days on the word of a person who says so (T34, T35)', async () => {
    const { orderId, number } = await silent();
    world.pass(3 * days - 1);
    expect(await settle(world)(number, zhang, unconfirmed)).toMatchObject({ reason: 'still-tried' });
    world.pass(1);
    expect(await settle(world)(number, zhang)).toMatchObject({ reason: 'still-tried' });
    expect(await settle(world)(number, zhang, unconfirmed)).toMatchObject({ now: 'pay-unconfirmed' });
    expect(await attention()).toEqual([`refund-settling ${number}`]);
    expect(await settle(world)(number, li, unconfirmed)).toMatchObject({ reason: 'in-other-hands' });
    await submitRefund(world)(orderId, number);
    expect((await refundOf(orderId, number)).state).toBe('settling');
    expect(await settle(world)(number, zhang, { paid: true })).toMatchObject({ now: 'settled' });
    await world.standing(orderId, 'refunded');
    expect(await attention()).toEqual([]);
    expect(await findings()).toEqual([]);
  });

  test('and that the provider pays as well once it is back, is booked as overpaid (T36)', async () => {
    const { orderId, number } = await silent();
    world.pass(3 * days);
    await settle(world)(number, zhang, unconfirmed);
    await settle(world)(number, zhang, { paid: true });
    world.bank.state.silent = false;
    providerPays(number);
    world.pass(7 * 3600);
    await clean();
    expect(await refundOf(orderId, number)).toMatchObject({ overpaidAt: expect.any(String) });
    expect(await attention()).toEqual([`refund-paid-twice ${number}`]);
  });

  test('is settled after days also where it was declined before the provider was gone', async () => {
    const { number } = await declined();
    world.bank.state.silent = true;
    expect(await settle(world)(number, zhang, unconfirmed)).toMatchObject({ reason: 'provider-silent' });
    world.pass(3 * days);
    expect(await settle(world)(number, zhang)).toMatchObject({ reason: 'provider-silent' });
    expect(await settle(world)(number, zhang, unconfirmed)).toMatchObject({ now: 'pay-unconfirmed' });
  });

  test('is not paid by hand when the provider says that it has paid', async () => {
    const { orderId, number } = await silent();
    world.pass(3 * days);
    world.bank.state.silent = false;
    providerPays(number);
    expect(await settle(world)(number, zhang, unconfirmed)).toMatchObject({ reason: 'already-back' });
    await world.standing(orderId, 'refunded');
  });
});

describe('a refund that was taken in hand and not paid', () => {
  test('is given back by the same person, and can be sent again (T37, T33)', async () => {
    const { orderId, number } = await declinedBefore();
    await settle(world)(number, zhang);
    expect(await settle(world)(number, li, { giveBack: true })).toMatchObject({
      reason: 'not-in-your-hands',
    });
    expect(await settle(world)(number, zhang, { giveBack: true })).toMatchObject({ now: 'given-back' });
    const refund = await refundOf(orderId, number);
    expect(refund).toMatchObject({ state: 'failed', handled: [{}, { by: 'zhang', did: 'gave-back' }] });
    expect(await found(world.bookings, keyOfRefund(orderId, number))).not.toHaveProperty('settledBy');
    expect(await attention()).toEqual([`refund-declined ${number}`]);
    expect(await findings()).toEqual([]);
    world.bank.state.refundAnswer = { state: 'succeeded' };
    expect((await retryAttention(world)(number, li)).outcome).toBe('accepted');
    await clean();
    await world.standing(orderId, 'refunded');
    expect(await findings()).toEqual([]);
  });

  test('is not given back once it is paid', async () => {
    const { orderId, number } = await declined();
    await settle(world)(number, zhang);
    await settle(world)(number, zhang, { paid: true });
    expect(await settle(world)(number, zhang, { giveBack: true })).toMatchObject({ reason: 'already-back' });
    expect((await refundOf(orderId, number)).state).toBe('settled');
  });
});

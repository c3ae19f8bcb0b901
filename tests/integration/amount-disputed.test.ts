import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { auditTables } from '../../shared/audit/scan.ts';
import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import type { Payment } from '../../shared/payments/model.ts';
import { paymentAttention } from '../../shared/payments/rules.ts';
import { keyOfPayment, readPayment } from '../../shared/payments/store.ts';
import type { OrderId } from '../../shared/platform/ids.ts';
import { plusSeconds } from '../../shared/platform/time.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { listWhatNeedsAPerson, settle } from '../../shared/upkeep/attention.ts';
import { found } from './guards/stored.ts';
import { by } from '../support/faulty-table.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
let run: Run;
beforeEach(async () => {
  world = await purchaseWorld();
  run = await world.openRun('2026-12-20', 2);
});
afterEach(() => world.stop());

const clean = () => world.sweep();
/** The payment is closed by then. */
const cleanHour = async (): Promise<void> => {
  for (let times = 0; times < 6; times += 1) {
    world.pass(600);
    await clean();
  }
};
const findings = async () => {
  await world.count(run);
  const { findings: found } = await auditTables({ ...world.dependencies, secondLookMilliseconds: 1 });
  return found.map(({ invariant, what }) => `${invariant}: ${what}`);
};
const kinds = async () =>
  (await listWhatNeedsAPerson(world.bookings, { perShardMax: 100 })).items.map(
    ({ id, attention: { kind } }) => `${kind} ${id}`,
  );
const begun = async (): Promise<{ orderId: OrderId; payment: Payment }> => {
  const orderId = await world.held(run, [1]);
  return { orderId, payment: await world.pay(orderId) };
};

describe('another amount', () => {
  test.each([
    ['pays its order', false],
    ['goes back as surplus', true],
  ])('than what is booked is still to be seen to when that money %s', async (_, isSurplus) => {
    const { orderId, payment } = await begun();
    if (isSurplus) {
      const other = await world.pay(orderId);
      world.buyerPays(other);
      await world.notify(other);
      await applyPayment(world)(other.paymentId);
    }
    world.buyerPays(payment);
    await world.notify(payment);
    await world.notify(payment, { paid: { amount: 1, currency: 'CNY' }, notificationId: 'other' });
    expect(await kinds()).toEqual([`amount-disputed ${payment.paymentId}`]);
    await applyPayment(world)(payment.paymentId);
    expect(await readPayment(world.bookings, payment.paymentId)).toMatchObject({
      appliedAt: expect.any(String),
    });
    expect(await kinds()).toEqual([`amount-disputed ${payment.paymentId}`]);
    expect(await findings()).toEqual([]);
  });

  test('that is in dispute stays so when its money finds no use for long', async () => {
    const { payment } = await begun();
    world.buyerPays(payment);
    await world.notify(payment);
    await world.notify(payment, { paid: { amount: 1, currency: 'CNY' }, notificationId: 'other' });
    const stands = (await readPayment(world.bookings, payment.paymentId))!;
    expect(paymentAttention(stands, plusSeconds(world.time.now, 7200))).toBeUndefined();
  });

  test('in dispute before the right one was booked is still to be seen to after that', async () => {
    const { payment } = await begun();
    await cleanHour();
    await world.notify(payment, { paid: { amount: 7, currency: 'CNY' } });
    await clean();
    expect(await kinds()).toEqual([`amount-disputed ${payment.paymentId}`]);
    world.buyerPays(payment);
    expect(await world.notify(payment)).toMatchObject({ now: 'recorded' });
    await applyPayment(world)(payment.paymentId);
    expect(await kinds()).toEqual([`amount-disputed ${payment.paymentId}`]);
  });

  test('told in the moment in which the right one is booked is still to be seen to', async () => {
    const { payment } = await begun();
    world.buyerPays(payment);
    let isBooked = false;
    const bookings = by(world.bookings, async (command, send) => {
      const values = command instanceof UpdateCommand && command.input.ExpressionAttributeValues;
      if (values && (':doubt' in values || ':told' in values) && !isBooked) {
        isBooked = true;
        await world.notify(payment);
      }
      return send(command);
    });
    const paid = { amount: 7, currency: 'CNY' };
    const notification = {
      notificationId: 'other',
      paymentNumber: payment.paymentId,
      says: { kind: 'captured' as const, providerTrade: 't', paid },
    };
    const { clock } = world.dependencies;
    expect(await recordNotification({ bookings, clock })('alipay', notification)).toMatchObject({
      now: 'already-known',
    });
    expect(await kinds()).toEqual([`amount-disputed ${payment.paymentId}`]);
  });

  test('that a person has settled is not brought up again by being repeated; another is', async () => {
    const { payment } = await begun();
    await cleanHour();
    for (const repeated of ['first', 'again', 'once more']) {
      await world.notify(payment, { paid: { amount: 7, currency: 'CNY' }, notificationId: repeated });
      await clean();
      expect(await kinds()).toEqual(repeated === 'first' ? [`amount-disputed ${payment.paymentId}`] : []);
      if (repeated === 'first') await settle(world)(payment.paymentId, { by: 'zhang', reason: 'theirs' });
      const stands = await found(world.bookings, keyOfPayment(payment.paymentId));
      expect(stands).not.toHaveProperty('doubt');
      expect(stands).not.toHaveProperty('dueAt');
    }
    await world.notify(payment, { paid: { amount: 8, currency: 'CNY' }, notificationId: 'another' });
    await clean();
    expect(await kinds()).toEqual([`amount-disputed ${payment.paymentId}`]);
  });
});

describe('another amount of which the provider says nothing', () => {
  const day = 86_400;
  const zhang = { by: 'zhang', reason: 'their books have nothing' };
  const seven = { amount: 7, currency: 'CNY' };
  const stands = ({ paymentId }: Payment) => found(world.bookings, keyOfPayment(paymentId));
  const tell = (payment: Payment, notificationId: string) =>
    world.notify(payment, { paid: seven, notificationId });
  const has = ({ paymentId }: Payment) =>
    world.bank.trades.set(paymentId, { state: 'captured', providerTrade: 't', paid: seven });

  /** Closed, in doubt, and its provider silent until a person has settled the dispute. */
  const settledInSilence = async (): Promise<Payment> => {
    const { payment } = await begun();
    await cleanHour();
    world.bank.state.silent = true;
    await tell(payment, 'first');
    await cleanHour();
    await cleanHour();
    expect(await kinds()).toEqual([`amount-disputed ${payment.paymentId}`]);
    await settle(world)(payment.paymentId, zhang);
    expect(await kinds()).toEqual([]);
    expect(await findings()).toEqual([]);
    return payment;
  };
  const expectBack = async (payment: Payment): Promise<void> => {
    expect(await stands(payment)).toMatchObject({ state: 'captured', taken: seven, refundable: 0 });
    expect(await stands(payment)).not.toHaveProperty('watchedSince');
    expect(await findings()).toEqual([]);
  };

  test('goes back once it answers, though a person has settled the dispute meanwhile', async () => {
    const payment = await settledInSilence();
    has(payment);
    world.bank.state.silent = false;
    world.pass(6 * 3600);
    await clean();
    await expectBack(payment);
  });

  test('goes back once it answers, though what it told was repeated and known', async () => {
    const payment = await settledInSilence();
    await tell(payment, 'again');
    await cleanHour();
    await cleanHour();
    expect(await kinds()).toEqual([]);
    has(payment);
    world.bank.state.silent = false;
    world.pass(6 * 3600);
    await clean();
    await expectBack(payment);
  });

  test.each([
    ['it says that nothing was paid', false, 6 * 3600],
    ['a month has passed', true, 30 * day],
  ])('is asked about until %s', async (_, silent, seconds) => {
    const payment = await settledInSilence();
    world.pass(6 * 3600);
    await clean();
    expect(await stands(payment)).toHaveProperty('dueAt');
    world.bank.state.silent = silent;
    world.pass(seconds);
    await clean();
    expect(await stands(payment)).not.toHaveProperty('dueAt');
    expect(await kinds()).toEqual([]);
  });

  test.each(['pending', 'captured'] as const)(
    'for good, but that it is %s, is asked about on',
    async (state) => {
      const { payment } = await begun();
      await cleanHour();
      const nothing = { amount: 0, currency: 'CNY' };
      const trade = state === 'captured' ? { state, providerTrade: 't', paid: nothing } : { state };
      world.bank.trades.set(payment.paymentId, trade);
      await tell(payment, 'first');
      await clean();
      expect(await kinds()).toEqual([`amount-disputed ${payment.paymentId}`]);
      await settle(world)(payment.paymentId, zhang);
      has(payment);
      world.pass(6 * 3600);
      await clean();
      await expectBack(payment);
    },
  );

  test('goes back though the payment was closed by hand, and the provider had none of it at first', async () => {
    const { payment } = await begun();
    world.bank.state.silent = true;
    world.pass(4 * day);
    await settle(world)(payment.paymentId, zhang, { unconfirmed: true });
    world.bank.state.silent = false;
    world.bank.trades.set(payment.paymentId, { state: 'closed' });
    for (const notificationId of ['first', 'again']) {
      await tell(payment, notificationId);
      await clean();
      expect(await kinds()).toEqual(
        notificationId === 'first' ? [`amount-disputed ${payment.paymentId}`] : [],
      );
      await settle(world)(payment.paymentId, zhang);
    }
    has(payment);
    world.pass(6 * 3600);
    await clean();
    await expectBack(payment);
  });
});

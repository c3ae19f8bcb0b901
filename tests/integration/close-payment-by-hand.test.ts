import { auditTables } from '../../shared/audit/scan.ts';
import { readPayment } from '../../shared/payments/store.ts';
import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { listWhatNeedsAPerson, settle } from '../../shared/upkeep/attention.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
let run: Run;
beforeEach(async () => {
  world = await purchaseWorld();
  run = await world.openRun('2026-12-20', 2);
});
afterEach(() => world.stop());

const day = 86_400;
const zhang = {
  by: 'zhang',
  reason: 'the account at the provider has ended; its statement has no such trade',
};
const unconfirmed = { unconfirmed: true };

const clean = () => cleanUp(world.dependencies)({ hasTime: () => true });
const cleanFor = async (hours: number): Promise<void> => {
  for (let hour = 0; hour < hours; hour += 1) {
    world.pass(3600);
    await clean();
  }
};
const attention = async () =>
  (await listWhatNeedsAPerson(world.bookings, { perShardMax: 100 })).items.map(
    ({ id, attention: { kind } }) => `${kind} ${id}`,
  );
const findings = async () => {
  await world.count(run);
  const { findings: found } = await auditTables({ ...world.dependencies, secondLookMilliseconds: 1 });
  return found.map(({ invariant, what }) => `${invariant}: ${what}`);
};

/** A payment whose provider is gone since it was begun, or has a trade in which nothing was paid. */
const unclosed = async (why: 'gone' | 'nothing-paid' = 'gone') => {
  const orderId = await world.held(run, [1]);
  const payment = await world.pay(orderId);
  if (why === 'gone') world.bank.state.silent = true;
  else
    world.bank.trades.set(payment.paymentId, {
      state: 'captured',
      providerTrade: 't',
      paid: { amount: 0, currency: 'CNY' },
    });
  await cleanFor(3);
  expect(await attention()).toEqual([`payment-unclosed ${payment.paymentId}`]);
  return { orderId, payment, stands: async () => (await readPayment(world.bookings, payment.paymentId))! };
};

describe('a payment that its provider neither closes nor confirms', () => {
  test.each(['gone', 'nothing-paid'] as const)(
    'is closed by hand, days after it ran out: %s',
    async (why) => {
      const { payment, stands } = await unclosed(why);
      const { paymentId } = payment;
      expect(await settle(world)(paymentId, zhang, unconfirmed)).toMatchObject({ reason: 'still-tried' });
      expect((await stands()).state).toBe('pending');
      world.pass(3 * day);
      expect(await settle(world)(paymentId, zhang)).toMatchObject({ reason: 'ends-by-itself' });
      expect(await settle(world)(paymentId, zhang, unconfirmed)).toMatchObject({ now: 'closed-by-hand' });
      expect(await stands()).toMatchObject({ state: 'closed', handled: [{ ...zhang, did: 'settled' }] });
      expect(await attention()).toEqual([]);
      expect(await findings()).toEqual([]);
    },
  );

  test('is asked about for a month after that, and then no more', async () => {
    const { payment, stands } = await unclosed();
    world.pass(3 * day);
    await settle(world)(payment.paymentId, zhang, unconfirmed);
    await cleanFor(24);
    expect((await stands()).dueAt).toBeDefined();
    expect(await attention()).toEqual([]);
    world.pass(30 * day);
    await clean();
    expect((await stands()).dueAt).toBeUndefined();
    expect((await stands()).state).toBe('closed');
  });

  test('loses no money that the provider has after all', async () => {
    const { orderId, payment, stands } = await unclosed();
    world.pass(3 * day);
    await settle(world)(payment.paymentId, zhang, unconfirmed);
    world.bank.state.silent = false;
    world.buyerPays(payment);
    await cleanFor(8);
    expect(await stands()).toMatchObject({ state: 'captured', appliedAt: expect.any(String) });
    await world.standing(orderId, 'issued');
    expect(await findings()).toEqual([]);
  });

  test('is closed or captured as the provider says, when that answers at last', async () => {
    const { payment, stands } = await unclosed();
    world.pass(3 * day);
    world.bank.state.silent = false;
    expect(await settle(world)(payment.paymentId, zhang, unconfirmed)).toMatchObject({ now: 'seen-to' });
    expect(await stands()).toMatchObject({ state: 'closed' });
    expect((await stands()).handled).toBeUndefined();
    expect((await stands()).dueAt).toBeUndefined();
  });

  test('takes money of which a notification tells after that', async () => {
    const { payment, stands } = await unclosed();
    world.pass(3 * day);
    await settle(world)(payment.paymentId, zhang, unconfirmed);
    await recordNotification(world)('alipay', {
      notificationId: 'late',
      paymentNumber: payment.paymentId,
      says: { kind: 'captured', providerTrade: 't', paid: payment.amount },
    });
    await applyPayment(world)(payment.paymentId);
    expect(await stands()).toMatchObject({ appliedAt: expect.any(String) });
    expect(await stands()).not.toHaveProperty('closedByHandAt');
  });
});

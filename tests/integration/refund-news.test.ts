import type { ProviderRefund } from '../../shared/payments/provider.ts';
import { readRefund } from '../../shared/payments/refunds-store.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import { submitRefund } from '../../shared/paying/submit-refund.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { settle } from '../../shared/upkeep/attention.ts';
import { declinedRefund, requestedRefund } from '../support/declined-refund.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';
import { dyingAt } from '../support/stopping-table.ts';

/* What a provider tells of a refund that is back: it failed after all (T39), or it is back twice (T36). */

let world: PurchaseWorld;
let run: Run;
beforeEach(async () => {
  world = await purchaseWorld();
  run = await world.openRun('2026-12-20', 2);
});
afterEach(() => world.stop());

type Requested = Awaited<ReturnType<typeof requestedRefund>>;

const back = async (): Promise<Requested> => {
  const made = await requestedRefund(world, run);
  await submitRefund(world)(made.orderId, made.number);
  expect(await standing(made)).toMatchObject({ state: 'succeeded' });
  world.pass(3 * 86_400);
  return made;
};

const standing = ({ orderId, number }: Requested) => readRefund(world.bookings, orderId, number);

const noticed = ({ number, payment }: Requested, notificationId: string) =>
  recordNotification(world)('alipay', {
    notificationId,
    paymentNumber: payment.paymentId,
    says: { kind: 'refunded', refundNumber: number },
  });

const answers = (answer: () => ProviderRefund | Promise<ProviderRefund>): void => {
  Object.assign(world.bank.provider, { queryRefund: async () => answer() });
};

const failed: ProviderRefund = { state: 'failed', why: 'lost_or_stolen_card' };

test('a notification that comes while the provider answers an earlier one is not lost', async () => {
  const made = await back();
  await noticed(made, 'r-1');
  let asked = 0;
  answers(async () => {
    asked += 1;
    if (asked > 1) return failed;
    // The answer is on its way when the bank sends the money back.
    world.pass(1);
    await noticed(made, 'r-2');
    return { state: 'succeeded' };
  });
  await submitRefund(world)(made.orderId, made.number);
  // The event of the second notification.
  await submitRefund(world)(made.orderId, made.number);
  expect(await standing(made)).toMatchObject({ state: 'failed', returnedAt: world.clock() });
  await world.expectClean(run);
});

test.each(['declined', 'silent', 'processing'] as const)(
  'a question that the provider does not answer is asked again: %s',
  async (how) => {
    const made = await back();
    await noticed(made, 'r-1');
    const unclear: ProviderRefund = how === 'declined' ? { state: how, why: 'no' } : { state: 'processing' };
    answers(() => (how === 'silent' ? Promise.reject(new Error('silent')) : unclear));
    await submitRefund(world)(made.orderId, made.number);
    expect(await standing(made)).toMatchObject({ state: 'succeeded' });
    answers(() => failed);
    world.pass(6 * 3600);
    await world.sweep();
    expect(await standing(made)).toMatchObject({ state: 'failed', returnedAt: world.clock() });
    await world.expectClean(run);
  },
);

test.each(['before', 'after'] as const)(
  'a function that dies %s it books T39 loses nothing',
  async (when) => {
    const made = await back();
    await noticed(made, 'r-1');
    answers(() => failed);
    const { tables, death } = dyingAt([world.bookings], 1, when);
    const [bookings = world.bookings] = tables;
    await Promise.race([submitRefund({ ...world, bookings })(made.orderId, made.number), death]);
    expect((await standing(made))?.state).toBe(when === 'before' ? 'succeeded' : 'failed');
    await world.expectClean(run);
    world.pass(60);
    await world.sweep();
    expect(await standing(made)).toMatchObject({
      state: 'failed',
      declined: expect.stringMatching(/taken back/),
    });
    await world.expectClean(run);
  },
);

test('the asking ends when a provider tells again that it paid what a person had paid', async () => {
  const made = await declinedRefund(world, run);
  const person = { by: 'zhang', reason: 'transfer 4711' };
  await settle(world)(made.number, person);
  expect(await settle(world)(made.number, person, { paid: true })).toMatchObject({ now: 'settled' });
  answers(() => ({ state: 'succeeded' }));
  for (const notificationId of ['r-1', 'r-2', 'r-3']) {
    world.pass(60);
    await noticed(made, notificationId);
    await submitRefund(world)(made.orderId, made.number);
    expect(await standing(made)).toMatchObject({ state: 'settled', overpaidAt: expect.any(String) });
    expect((await standing(made))?.dueAt).toBeUndefined();
  }
  await world.expectClean(run);
});

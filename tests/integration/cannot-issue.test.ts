import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Payment } from '../../shared/payments/model.ts';
import { readRefund } from '../../shared/payments/refunds-store.ts';
import { plusSeconds } from '../../shared/platform/time.ts';
import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { closeRun } from '../../shared/runs/close-run.ts';
import { issuePaidOrder, refundIfNoTravel, refundPaidOrder } from '../support/order-by-id.ts';
import { by } from '../support/faulty-table.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

/* T16: a paid order goes back as money when it cannot be issued, and never when it can. */

let world: PurchaseWorld;
beforeEach(async () => {
  world = await purchaseWorld();
});
afterEach(() => world.stop());

const paid = async () => {
  const run = await world.openRun('2026-12-20', 1);
  const orderId = await world.held(run, [1]);
  const payment = await world.pay(orderId);
  world.buyerPays(payment);
  await world.notify(payment);
  expect(await applyPayment(world)(payment.paymentId)).toMatchObject({ now: 'paid' });
  return { run, orderId, payment };
};
const refundOf = ({ orderId, paymentId }: Payment) =>
  readRefund(world.bookings, orderId, `${paymentId}_whole`);

/** A timetable that tells, once, that a run is closed. */
const misreadOnce = () => {
  let told = false;
  return by(world.timetable, async (command, send) => {
    const answer = (await send(command)) as { Item?: Record<string, unknown> };
    if (told || !(command instanceof GetCommand) || answer.Item?.['state'] !== 'open') return answer;
    told = true;
    return { ...answer, Item: { ...answer.Item, state: 'closed' } };
  });
};

test('an order against whose journey nothing speaks is left to be issued, however it came here', async () => {
  const { orderId, payment } = await paid();
  expect(await refundIfNoTravel(world)(orderId)).toMatchObject({ reason: 'can-travel' });
  await world.standing(orderId, 'paid');
  expect(await refundOf(payment)).toBeUndefined();
  expect(await issuePaidOrder(world)(orderId)).toMatchObject({ outcome: 'accepted' });
  expect(await refundIfNoTravel(world)(orderId)).toMatchObject({ reason: 'not-paid' });
});

test('the clean-up issues it in the same turn when the first look was wrong', async () => {
  const { orderId, payment } = await paid();
  world.pass(31);
  await cleanUp({ ...world.dependencies, timetable: misreadOnce() })({ hasTime: () => true });
  await world.standing(orderId, 'issued');
  expect(await refundOf(payment)).toBeUndefined();
});

test('of a run that is closed the money goes back', async () => {
  const { run, orderId, payment } = await paid();
  await closeRun(world, run.runId);
  expect(await refundIfNoTravel(world)(orderId)).toMatchObject({ outcome: 'accepted' });
  expect(await refundIfNoTravel(world)(orderId)).toMatchObject({ outcome: 'accepted' });
  expect(await refundOf(payment)).toMatchObject({ reason: 'cannot-issue' });
});

test('of a run that has left the money goes back', async () => {
  const { run, orderId, payment } = await paid();
  world.time.now = plusSeconds(run.stops[0]!.departs, -0.001);
  expect(await refundIfNoTravel(world)(orderId)).toMatchObject({ reason: 'can-travel' });
  world.pass(0.001);
  expect(await refundIfNoTravel(world)(orderId)).toMatchObject({ outcome: 'accepted' });
  expect(await refundOf(payment)).toMatchObject({ reason: 'departed' });
});

test('whoever has decided that it goes back is obeyed', async () => {
  const { orderId, payment } = await paid();
  expect(await refundPaidOrder(world)(orderId)).toMatchObject({ outcome: 'accepted' });
  expect(await refundOf(payment)).toMatchObject({ reason: 'cannot-issue', state: 'requested' });
});

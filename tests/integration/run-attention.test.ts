import type { Payment } from '../../shared/payments/model.ts';
import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { listWhatNeedsAPerson, retryAttention, settle } from '../../shared/upkeep/attention.ts';
import { findSubject } from '../../shared/upkeep/find-subject.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import { noteRun } from '../../shared/runs/due-store.ts';
import { followDue } from '../../shared/runs/follow-newest.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { freezeRun } from '../../shared/timetable/store.ts';
import { issuePaidOrder } from '../support/order-by-id.ts';
import { by } from '../support/faulty-table.ts';
import { runWorld, type RunWorld } from '../support/run-world.ts';

/* Runs that need a person: bought and gone from the timetable, or never brought to follow it. */

let world: RunWorld;
beforeEach(async () => {
  world = await runWorld();
});
afterEach(() => world.stop());

let people = 0;
const cleanedUp = () => cleanUp(world.dependencies)({ hasTime: () => true });
const captured = ({ paymentId, amount }: Payment) =>
  recordNotification(world.dependencies)('alipay', {
    notificationId: `n-${paymentId}`,
    paymentNumber: paymentId,
    says: { kind: 'captured', providerTrade: `trade-${paymentId}`, paid: amount },
  });
const apply = ({ paymentId }: Payment) => applyPayment(world.dependencies)(paymentId);
const asked = async () => (await listWhatNeedsAPerson(world.bookings, { perShardMax: 100 })).items;
const noted = ({ runId }: Run) =>
  noteRun(world.bookings, runId, { dueAt: world.time.now, now: world.time.now });

describe('a run that the newest timetable does not have', () => {
  const bought = async (name: string) => {
    const run = await freezeRun(world.timetable, await world.runOf(name, await world.inForce(name)));
    const orderId = await world.held(run, [(people += 1)]);
    const payment = await world.pay(orderId);
    world.buyerPays(payment);
    await captured(payment);
    expect(await apply(payment)).toMatchObject({ now: 'paid' });
    expect(await issuePaidOrder(world.dependencies)(orderId)).toMatchObject({ outcome: 'accepted' });
    return run;
  };

  test('is shown to a person while somebody has bought it, once, until that person has seen to it', async () => {
    const run = await bought('P1');
    await world.inForce('P1', { isGone: true });
    await noted(run);
    await cleanedUp();
    expect(await asked()).toMatchObject([
      { id: run.runId, orderId: undefined, attention: { kind: 'run-gone' } },
    ]);
    expect(await findSubject(world.bookings, run.runId)).toMatchObject({ kind: 'run', id: run.runId });
    const person = { by: 'zhang', reason: 'it runs; the feed is mended tomorrow' };
    expect(await settle(world.dependencies)(run.runId, person)).toMatchObject({ now: 'seen-to' });
    expect(await asked()).toEqual([]);
    await world.inForce('P1', { isGone: true });
    await noted(run);
    await cleanedUp();
    expect(await asked()).toEqual([]);
  });

  test('is shown to nobody while its seats are only held, or are nobody’s', async () => {
    const run = await freezeRun(world.timetable, await world.runOf('P2', await world.inForce('P2')));
    const orderId = await world.held(run, [(people += 1)]);
    await world.inForce('P2', { isGone: true });
    await noted(run);
    await cleanedUp();
    expect(await asked()).toEqual([]);
    world.pass(1300);
    await cleanedUp();
    await world.standing(orderId, 'expired');
    await noted(run);
    await cleanedUp();
    expect(await asked()).toEqual([]);
  });

  test('is shown though a replica does not know yet that somebody has bought it', async () => {
    const run = await bought('P3');
    await world.inForce('P3', { isGone: true });
    const empty = by(world.inventory, async (command, send) => {
      const tables = Object.values(
        (command as { input: { RequestItems?: Record<string, { ConsistentRead?: boolean }> } }).input
          .RequestItems ?? {},
      );
      const isEventual = tables.length > 0 && tables.every(({ ConsistentRead }) => !ConsistentRead);
      return isEventual ? { Responses: {} } : send(command);
    });
    expect(await followDue({ ...world.dependencies, inventory: empty })(run.runId)).toBe('kept');
    expect(await asked()).toMatchObject([{ id: run.runId, attention: { kind: 'run-gone' } }]);
  });

  test('is looked at when a ticket is issued for it, whatever became of the note of it', async () => {
    const run = await freezeRun(world.timetable, await world.runOf('P4', await world.inForce('P4')));
    const orderId = await world.held(run, [(people += 1)]);
    const payment = await world.pay(orderId);
    world.buyerPays(payment);
    await captured(payment);
    await apply(payment);
    await world.inForce('P4', { isGone: true });
    expect(await issuePaidOrder(world.dependencies)(orderId)).toMatchObject({ outcome: 'accepted' });
    await cleanedUp();
    expect(await asked()).toMatchObject([{ id: run.runId, attention: { kind: 'run-gone' } }]);
  });
});

test('a run that cannot follow goes by its own id, may be retried, and leaves the list once it can', async () => {
  const { run } = await world.behind('Q1');
  await noted(run);
  const broken = { ...world.dependencies, timetable: { ...world.timetable, name: 'no-such-table' } };
  for (let minutes = 0; minutes <= 70; minutes += 10) {
    await cleanUp(broken)({ hasTime: () => true });
    world.pass(600);
  }
  expect(await asked()).toMatchObject([
    { id: run.runId, orderId: undefined, attention: { kind: 'keeps-failing' } },
  ]);
  expect(await findSubject(world.bookings, run.runId)).toMatchObject({ kind: 'run', id: run.runId });
  const person = { by: 'zhang', reason: 'the table is there again' };
  expect(await settle(world.dependencies)(run.runId, person)).toMatchObject({ reason: 'ends-by-itself' });
  expect(await retryAttention(world.dependencies)(run.runId, person)).toMatchObject({ outcome: 'accepted' });
  await cleanedUp();
  expect(await asked()).toEqual([]);
  expect(await retryAttention(world.dependencies)(run.runId, person)).toMatchObject({
    reason: 'nothing-to-try',
  });
});

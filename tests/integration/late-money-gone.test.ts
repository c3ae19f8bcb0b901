import { auditTables } from '../../shared/audit/scan.ts';
import type { Payment } from '../../shared/payments/model.ts';
import { readRefund } from '../../shared/payments/refunds-store.ts';
import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import { refundedFor } from '../../shared/paying/refunded-for.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { freezeRun, readState } from '../../shared/timetable/store.ts';
import { issuePaidOrder } from '../support/order-by-id.ts';
import { by } from '../support/faulty-table.ts';
import { runWorld, type RunWorld } from '../support/run-world.ts';
import type { TrainWish } from '../support/train-version.ts';

/* Money that comes late for a run that the newest timetable does not have any more, or that has left by it. */

let world: RunWorld;
beforeEach(async () => {
  world = await runWorld();
});
afterEach(() => world.stop());

const cleanedUp = () => cleanUp(world.dependencies)({ hasTime: () => true });
const captured = ({ paymentId, amount }: Payment) =>
  recordNotification(world.dependencies)('alipay', {
    notificationId: `n-${paymentId}`,
    paymentNumber: paymentId,
    says: { kind: 'captured', providerTrade: `trade-${paymentId}`, paid: amount },
  });
const apply = ({ paymentId }: Payment, more = {}) =>
  applyPayment({ ...world.dependencies, ...more })(paymentId);
const reasonOf = async ({ orderId, paymentId }: Payment) =>
  (await readRefund(world.bookings, orderId, `${paymentId}_whole`))?.reason;

type Stops = { from?: number; to?: number };
let people = 0;

/** An order of this train whose hold has ended, and whose money has come now. */
const paidTooLate = async (name: string, { from = 0, to = 3 }: Stops = {}, more: TrainWish = {}) => {
  const run = await freezeRun(world.timetable, await world.runOf(name, await world.inForce(name, more)));
  const orderId = await world.held(run, [(people += 1)], { from, to });
  const payment = await world.pay(orderId);
  world.bank.trades.set(payment.paymentId, { state: 'closed' });
  world.pass(1300);
  await cleanedUp();
  await world.standing(orderId, 'expired');
  world.buyerPays(payment);
  await captured(payment);
  return { run, orderId, payment };
};

/** A timetable whose replicas have seen nothing since now, rows of newer versions least of all. */
const lagging = async () => {
  const answers = new Map<string, unknown>();
  let isLagging = false;
  const table = by(world.timetable, async (command, send) => {
    const { input } = command as { input: { ConsistentRead?: boolean; Key?: object } };
    if (input.ConsistentRead) return send(command);
    const asked = JSON.stringify(input);
    if (isLagging) return answers.get(asked) ?? { Items: [] };
    const answer = await send(command);
    answers.set(asked, answer);
    return answer;
  });
  await readState(table);
  isLagging = true;
  return table;
};

describe('late money for a run of a newer timetable', () => {
  test('goes back in full where that does not have the run, with this as its reason', async () => {
    const { run, orderId, payment } = await paidTooLate('G1');
    await world.inForce('G1', { isGone: true });
    expect(await apply(payment)).toMatchObject({ now: 'refund-requested' });
    expect(await reasonOf(payment)).toBe('run-gone');
    expect(await world.owned(run)).toHaveLength(0);
    world.pass(31);
    await cleanedUp();
    expect(await refundedFor(world.bookings)(await world.standing(orderId, 'refunded'))).toBe('run-gone');
    expect(world.bank.refunds.get(`${payment.paymentId}_whole`)).toBe(payment.amount.amount);
    await world.count(run);
    expect((await auditTables({ ...world.dependencies, secondLookMilliseconds: 1 })).findings).toEqual([]);
  });

  test('goes back where the run does not call at one of its stops any more, and buys where it does', async () => {
    const stops = ['S0', 'S1', 'S2'];
    const lost = await paidTooLate('G2');
    await world.inForce('G2', { stops });
    expect(await apply(lost.payment)).toMatchObject({ now: 'refund-requested' });
    expect(await reasonOf(lost.payment)).toBe('run-gone');
    const kept = await paidTooLate('G3', { to: 2 });
    await world.inForce('G3', { stops });
    expect(await apply(kept.payment)).toMatchObject({ now: 'paid' });
  });

  test('goes back where the run has left by it, from the stop of boarding, and buys the moment before', async () => {
    const leavesNow = (name: string, run: Run, seconds: number) => {
      // It was sold to leave S1 at nine, and leaves at seven now.
      world.time.now = run.stops[1]!.departs;
      world.pass(-2 * 3600 + seconds);
      return world.inForce(name, { leaves: 6 });
    };
    const lost = await paidTooLate('D1', { from: 1 });
    await leavesNow('D1', lost.run, 0);
    expect(await apply(lost.payment)).toMatchObject({ now: 'refund-requested' });
    expect(await reasonOf(lost.payment)).toBe('departed');
    expect(await world.owned(lost.run)).toHaveLength(0);
    world.time.now = lost.payment.createdAt;
    const inTime = await paidTooLate('D2', { from: 1 });
    await leavesNow('D2', inTime.run, -0.001);
    expect(await apply(inTime.payment)).toMatchObject({ now: 'paid' });
  });

  test('buys where that has the run as before, or is not newer than the run', async () => {
    const same = await paidTooLate('S1');
    await world.inForce('S1', {});
    expect(await apply(same.payment)).toMatchObject({ now: 'paid' });
    const only = await paidTooLate('S2');
    expect(await apply(only.payment)).toMatchObject({ now: 'paid' });
  });

  test('is decided by the version in force now, not by one that was read a second ago', async () => {
    const { payment } = await paidTooLate('N1');
    const timetable = by(world.timetable, (command, send) => send(command));
    await readState(timetable);
    await world.inForce('N1', { isGone: true });
    expect(await apply(payment, { timetable })).toMatchObject({ now: 'refund-requested' });
  });

  test('is decided by consistent reads: neither an old version nor rows that are not there yet deceive', async () => {
    const gone = await paidTooLate('C1');
    const old = await lagging();
    await world.inForce('C1', { isGone: true });
    expect(await apply(gone.payment, { timetable: old })).toMatchObject({ now: 'refund-requested' });
    const known = await paidTooLate('C2');
    const empty = await lagging();
    await world.inForce('C2', {});
    expect(await apply(known.payment, { timetable: empty })).toMatchObject({ now: 'paid' });
  });

  test('is looked at again after the hold: the run goes while its seats are taken', async () => {
    const { run, orderId, payment } = await paidTooLate('H1');
    let holds = 0;
    const inventory = by(world.inventory, async (command, send) => {
      const answer = await send(command);
      const isHold = (command as { input: { UpdateExpression?: string } }).input.UpdateExpression;
      if (isHold && (holds += 1) === 1) await world.inForce('H1', { isGone: true });
      return answer;
    });
    expect(await apply(payment, { inventory })).toMatchObject({ now: 'refund-requested' });
    expect(await reasonOf(payment)).toBe('run-gone');
    expect(await world.owned(run)).toHaveLength(0);
    await world.standing(orderId, 'refunding');
  });
});

describe('money that came in time for a run of a newer timetable', () => {
  const paidInTime = async (name: string, person: number) => {
    const run = await freezeRun(world.timetable, await world.runOf(name, await world.inForce(name)));
    const orderId = await world.held(run, [person]);
    const payment = await world.pay(orderId);
    world.buyerPays(payment);
    await captured(payment);
    expect(await apply(payment)).toMatchObject({ now: 'paid' });
    return { run, orderId, payment };
  };

  test('is issued though that does not have the run: who has bought it keeps it', async () => {
    const { orderId } = await paidInTime('T1', 1);
    await world.inForce('T1', { isGone: true });
    expect(await issuePaidOrder(world.dependencies)(orderId)).toMatchObject({ outcome: 'accepted' });
  });

  test('goes back where the run has left by it: nobody gets a ticket for a train that is away', async () => {
    const { run, orderId, payment } = await paidInTime('T2', 2);
    world.time.now = run.stops[0]!.departs;
    world.pass(-3600);
    await world.inForce('T2', { leaves: 7 });
    expect(await issuePaidOrder(world.dependencies)(orderId)).toMatchObject({ reason: 'no-travel' });
    await cleanedUp();
    await world.standing(orderId, 'refunding');
    expect(await reasonOf(payment)).toBe('departed');
  });
});

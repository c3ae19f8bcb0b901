import { scanSegment } from '../../shared/audit/store.ts';
import { readCosts } from '../../shared/ledger/store.ts';
import { money } from '../../shared/platform/money.ts';
import type { Item } from '../../shared/platform/dynamo.ts';
import { instantSchema } from '../../shared/platform/time.ts';
import { reconcileDay } from '../../shared/reconciliation/reconcile-day.ts';
import { listWhatNeedsAPerson } from '../../shared/upkeep/attention.ts';
import type { Run } from '../../shared/timetable/model.ts';
import {
  morningAfter,
  reconciledDay,
  reconcilingWorld,
  rowOfPayment,
  rowOfRefund,
  type ReconcilingWorld,
} from '../support/reconciling-world.ts';

jest.setTimeout(60_000);

let world: ReconcilingWorld;
let run: Run;
beforeEach(async () => {
  world = await reconcilingWorld();
  run = await world.nextRun(8);
  world.wait(instantSchema.parse('2026-12-01T08:00:00.000Z'));
});
afterEach(() => world.stop());

const told = ({ differences }: Awaited<ReturnType<ReconcilingWorld['report']>>) =>
  differences.map(({ class: of, number, state }) => [of, number, state]);

const everything = async (): Promise<Item[]> => {
  const items: Item[] = [];
  for await (const page of scanSegment(world.bookings, { segment: 0, total: 1 })) items.push(...page);
  return items.toSorted((a, b) =>
    `${String(a['pk'])} ${String(a['sk'])}` < `${String(b['pk'])} ${String(b['sk'])}` ? -1 : 1,
  );
};

describe('a day', () => {
  test('without a movement has a report that needs nobody', async () => {
    world.wait(morningAfter);
    const { report, differences } = await world.report();
    expect(report).toMatchObject({ edition: 1, open: 0, bill: { payments: { count: 0 } } });
    expect(differences).toEqual([]);
    expect((await listWhatNeedsAPerson(world.bookings, { perShardMax: 9 })).items).toEqual([]);
  });

  test('on which bill and books agree is counted, and its costs are booked once', async () => {
    const payments = [await world.sell(run, 1), await world.sell(run, 2)];
    world.wait(morningAfter);
    const { report, differences } = await world.report();
    expect(differences).toEqual([]);
    const sums = { CNY: payments[0]!.amount.amount * 2 };
    expect(report.bill.payments).toEqual({ count: 2, sums });
    expect(report.books.payments).toEqual({ count: 2, sums });
    const costs = world.costs(...payments.map(({ amount }) => amount.amount));
    expect(report.bill.costs).toEqual({ CNY: costs.amount });
    expect(await readCosts(world.bookings, 'alipay', 'alipay-2026-12-01')).toMatchObject({
      kind: 'provider-costs',
      at: '2026-12-01T23:59:59.999Z',
      legs: [
        { account: 'costs', amount: costs.amount },
        { account: 'clearing', amount: -costs.amount },
      ],
    });
  });

  test('that is compared again changes nothing', async () => {
    const [payment] = [await world.sell(run, 1), await world.sell(run, 2, { isTold: false })];
    world.movements[0] = rowOfPayment(payment, world.time.now, { amount: money(1, 'CNY') });
    world.wait(morningAfter);
    await world.report();
    const before = await everything();
    world.pass(3600);
    const again = await world.report();
    expect(await everything()).toEqual(before);
    expect(again.changes).toEqual([]);
  });

  test('that is not over, or has no bill yet, has no report', async () => {
    expect(await world.run()).toMatchObject({ reason: 'not-over' });
    world.wait(instantSchema.parse('2026-12-02T00:59:59.000Z'));
    expect(await world.run()).toMatchObject({ reason: 'not-ready' });
  });

  test('on which the provider does not answer has no report, and the next run makes it', async () => {
    await world.sell(run, 1, { isTold: false });
    world.wait(morningAfter);
    world.bank.state.silent = true;
    expect(await world.run()).toMatchObject({ reason: 'provider-silent' });
    expect(await everything()).not.toContainEqual(expect.objectContaining({ sk: 'REPORT' }));
    world.bank.state.silent = false;
    expect(told(await world.report())).toMatchObject([['missing-here', expect.anything(), 'repaired']]);
  });

  test('is not compared in less time than it takes', async () => {
    await world.sell(run, 1);
    world.wait(morningAfter);
    const before = await everything();
    const runWithTime = (looks: number) => {
      let left = looks;
      return reconcileDay(world.dependencies)(reconciledDay, () => (left -= 1) >= 0);
    };
    // It looks at the time before each entry, each row of the bill, and before it asks.
    for (const looks of [0, 1, 2]) {
      expect(await runWithTime(looks)).toMatchObject({ reason: 'out-of-time' });
      expect(await everything()).toEqual(before);
    }
    expect(await runWithTime(3)).toMatchObject({ outcome: 'accepted' });
  });
});

describe('money that we never heard of', () => {
  test('is booked after the provider confirmed it, and pays its order', async () => {
    const payment = await world.sell(run, 1, { isTold: false });
    world.wait(morningAfter);
    const { report, differences } = await world.report();
    expect(differences).toMatchObject([
      { class: 'missing-here', number: payment.paymentId, theirs: payment.amount, state: 'repaired' },
    ]);
    expect(report.attention).toBeUndefined();
    expect(await world.paymentOf(payment)).toMatchObject({
      state: 'captured',
      refundable: payment.amount.amount,
    });
    await world.sweep();
    expect((await world.standing(payment.orderId, 'issued')).paidBy).toBe(payment.paymentId);
    // On the next day our journal has it, and the bill does not: the provider took it a day before.
    world.pass(86_400);
    const next = { ...reconciledDay, date: '2026-12-02' as typeof reconciledDay.date };
    expect((await world.report(next)).differences).toEqual([]);
    expect((await world.report()).report.open).toBe(0);
  });

  test('goes back if its order has other money', async () => {
    const orderId = await world.held(run, [1]);
    const [first, second] = [await world.pay(orderId), await world.pay(orderId)];
    await world.take(first);
    await world.take(second, { isTold: false });
    world.wait(morningAfter);
    await world.report();
    world.pass(60);
    await world.sweep();
    expect(await world.refundOf(second)).toMatchObject({ reason: 'surplus-payment' });
  });

  test('is not booked on the bill’s word alone', async () => {
    const orderId = await world.held(run, [1]);
    const payment = await world.pay(orderId);
    world.movements.push(rowOfPayment(payment, world.time.now));
    world.wait(morningAfter);
    const { report, differences } = await world.report();
    expect(differences).toMatchObject([
      { class: 'missing-here', state: 'open', why: 'the provider says pending' },
    ]);
    expect(report.open).toBe(1);
    expect((await world.paymentOf(payment)).state).toBe('pending');
  });

  test('is booked with the provider’s amount, and the bill’s other amount is told', async () => {
    const payment = await world.sell(run, 1, { isTold: false });
    world.movements[0] = rowOfPayment(payment, world.time.now, { amount: money(5, 'CNY') });
    world.wait(morningAfter);
    expect(told(await world.report())).toEqual([
      ['missing-here', payment.paymentId, 'repaired'],
      ['amount', payment.paymentId, 'open'],
    ]);
    expect(await world.paymentOf(payment)).toMatchObject({ refundable: payment.amount.amount });
  });
});

describe('refunds', () => {
  /** A second payment of one order, whose money is on its way back. */
  const surplus = async () => {
    const orderId = await world.held(run, [1]);
    const [first, second] = [await world.pay(orderId), await world.pay(orderId)];
    await world.take(first);
    await world.take(second);
    return { payment: second, refund: await world.refundOf(second) };
  };

  test('that both have agree', async () => {
    const { refund } = await surplus();
    await world.payBack(refund);
    world.wait(morningAfter);
    const { report, differences } = await world.report();
    expect(differences).toEqual([]);
    expect(report.bill.refunds).toEqual(report.books.refunds);
  });

  test('that only the bill has are confirmed after the provider said so', async () => {
    const { payment, refund } = await surplus();
    await world.payBack(refund, { isTold: false });
    world.wait(morningAfter);
    expect(told(await world.report())).toEqual([['missing-here', refund.refundNumber, 'repaired']]);
    expect((await world.refundOf(payment)).state).toBe('succeeded');
  });

  test('that nobody here requested are told', async () => {
    const { payment } = await surplus();
    const number = `${payment.paymentId}_item9`;
    world.movements.push(rowOfRefund({ ...payment, refundNumber: number }, world.time.now));
    const byHand = rowOfRefund({ ...payment, refundNumber: number }, world.time.now);
    delete byHand.refundNumber;
    world.movements.push({ ...byHand, providerNumber: '20261201-by-hand' });
    world.wait(morningAfter);
    expect(told(await world.report())).toEqual([
      ['missing-here', number, 'open'],
      ['missing-here', '20261201-by-hand', 'open'],
    ]);
  });

  test('that we booked and the bill lacks are told, unless they were requested on another day', async () => {
    const { refund } = await surplus();
    await world.payBack(refund);
    world.movements.pop();
    world.wait(morningAfter);
    expect(told(await world.report())).toEqual([['missing-there', refund.refundNumber, 'open']]);
  });

  test('under way when the bill was made are none, once the provider has paid them', async () => {
    const { refund } = await surplus();
    await world.payBack(refund);
    world.movements.push({ ...world.movements.pop()!, state: 'PROCESSING' });
    world.wait(morningAfter);
    expect((await world.report()).differences).toEqual([]);
    world.bank.refunds.delete(refund.refundNumber);
    expect(told(await world.report())).toEqual([['state', refund.refundNumber, 'open']]);
  });

  test('of another amount are told and not corrected', async () => {
    const { payment, refund } = await surplus();
    await world.payBack(refund);
    world.movements.push({ ...world.movements.pop()!, amount: money(1, 'CNY') });
    world.wait(morningAfter);
    expect(told(await world.report())).toEqual([['amount', refund.refundNumber, 'open']]);
    expect(await world.refundOf(payment)).toMatchObject({ amount: refund.amount });
  });
});

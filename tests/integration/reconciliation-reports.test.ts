import { readCosts } from '../../shared/ledger/store.ts';
import { attentionKinds } from '../../shared/bookings/attention.ts';
import { money } from '../../shared/platform/money.ts';
import { instantSchema } from '../../shared/platform/time.ts';
import { reportIdOf } from '../../shared/reconciliation/model.ts';
import { listWhatNeedsAPerson, settle } from '../../shared/upkeep/attention.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import { submitRefund } from '../../shared/paying/submit-refund.ts';
import { rejected } from '../../shared/platform/outcome.ts';
import type { Run } from '../../shared/timetable/model.ts';
import {
  morningAfter,
  reconciledDay,
  reconcilingWorld,
  rowOfPayment,
  type ReconcilingWorld,
} from '../support/reconciling-world.ts';
import { stoppingAt } from '../support/stopping-table.ts';

jest.setTimeout(60_000);

let world: ReconcilingWorld;
let run: Run;
beforeEach(async () => {
  world = await reconcilingWorld();
  run = await world.nextRun(8);
  world.wait(instantSchema.parse('2026-12-01T08:00:00.000Z'));
});
afterEach(() => world.stop());

describe('each class', () => {
  test('of difference is told once, with both sides', async () => {
    const at = world.time.now;
    const people = [1, 2, 3, 4, 5, 6];
    const payments = [];
    for (const person of people) payments.push(await world.sell(run, person));
    const [gone, amount, currency, state, twice, fine] = payments;
    const unknown = '01ARZ3NDEKTSV4RRFFQ69G5FAV_1';
    const edited = [
      rowOfPayment(amount!, at, { amount: money(1, 'CNY') }),
      rowOfPayment(currency!, at, { amount: { ...currency!.amount, currency: 'EUR' } }),
      rowOfPayment(state!, at, { state: 'REVOKED' }),
      rowOfPayment(twice!, at),
      rowOfPayment(twice!, at),
      rowOfPayment(fine!, at),
      rowOfPayment(fine!, at, { paymentNumber: unknown }),
      rowOfPayment(fine!, at, { paymentNumber: 'SHOP-17' }),
      { ...rowOfPayment(fine!, at), kind: 'other' as const, type: 'payout', amount: money(-100, 'CNY') },
    ];
    world.movements.splice(0, world.movements.length, ...edited);
    world.wait(morningAfter);
    const { report, differences } = await world.report();
    expect(new Map(differences.map(({ class: of, number }) => [of, number]))).toEqual(
      new Map([
        ['amount', amount!.paymentId],
        ['currency', currency!.paymentId],
        ['state', state!.paymentId],
        ['twice', twice!.paymentId],
        ['unknown-number', unknown],
        ['missing-there', gone!.paymentId],
        // The bill has the costs of a payment in euros as well.
        ['costs', 'alipay-2026-12-01-EUR'],
      ]),
    );
    expect(differences).toHaveLength(7);
    expect(report.bill.other).toEqual({ payout: { count: 1, sums: { CNY: -100 } } });
    expect(report.bill.notOurs).toMatchObject({ trade: { count: 1 } });
    expect(differences.find(({ class: of }) => of === 'amount')).toMatchObject({
      ours: amount!.amount,
      theirs: money(1, 'CNY'),
    });
  });

  test('of costs is told if a later bill has another sum', async () => {
    const payment = await world.sell(run, 1);
    world.wait(morningAfter);
    await world.report();
    world.movements[0] = rowOfPayment(payment, world.movements[0]!.at, { cost: 1 });
    const { differences } = await world.report();
    expect(differences).toMatchObject([{ class: 'costs', number: 'alipay-2026-12-01', state: 'open' }]);
    expect(await readCosts(world.bookings, 'alipay', 'alipay-2026-12-01')).toMatchObject({
      legs: [{ amount: world.costs(payment.amount.amount).amount }, {}],
    });
  });
});

describe('the edge of a day', () => {
  const tomorrow = { ...reconciledDay, date: '2026-12-02' as typeof reconciledDay.date };

  test('a payment of the last second that we booked on the next day is in one bill, and differs in none', async () => {
    const orderId = await world.held(run, [1]);
    const payment = await world.pay(orderId);
    world.wait(instantSchema.parse('2026-12-01T23:59:59.000Z'));
    await world.take(payment);
    expect(world.time.now >= '2026-12-02').toBe(true);
    world.wait(instantSchema.parse('2026-12-03T03:00:00.000Z'));
    const [first, second] = [await world.report(), await world.report(tomorrow)];
    expect([first.differences, second.differences]).toEqual([[], []]);
    expect([first.report.bill.payments.count, second.report.bill.payments.count]).toEqual([1, 0]);
    expect([first.report.books.payments.count, second.report.books.payments.count]).toEqual([0, 1]);
  });

  const lateAt = instantSchema.parse('2026-12-02T09:00:00.000Z');
  const afterBoth = instantSchema.parse('2026-12-03T03:00:00.000Z');

  test('a payment that we learnt of on the next day, and that its own bill lacks, is told once', async () => {
    const payment = await world.sell(run, 1, { isTold: false, isInBill: false });
    world.wait(lateAt);
    await world.notify(payment);
    world.wait(afterBoth);
    expect((await world.report()).differences).toEqual([]);
    const { differences } = await world.report(tomorrow);
    expect(differences).toMatchObject([
      { class: 'missing-there', of: 'payment', number: payment.paymentId, state: 'open' },
    ]);
    expect(differences[0]?.why).toContain('not in its bill of that day');
    // The provider corrects the bill of its day.
    world.movements.push(rowOfPayment(payment, instantSchema.parse('2026-12-01T01:00:00.000Z')));
    expect((await world.report(tomorrow)).differences).toMatchObject([{ state: 'gone' }]);
  });

  test('a refund that was requested days before we booked it is told if no bill since then has it', async () => {
    const refunds = await Promise.all([surplusRefund(1), surplusRefund(2)]);
    world.wait(lateAt);
    for (const refund of refunds) await world.payBack(refund);
    // Both are booked on the second day: one is in the bill of the first, under way there; the other is in none.
    const [row] = world.movements.splice(-2);
    world.movements.push({
      ...row!,
      at: instantSchema.parse('2026-12-01T12:00:00.000Z'),
      state: 'PROCESSING',
    });
    world.wait(afterBoth);
    const { differences } = await world.report(tomorrow);
    expect(differences.map(({ class: cls, number }) => [cls, number])).toEqual([
      ['missing-there', refunds[1]!.refundNumber],
    ]);
  });

  test.each(['the same day', 'the next day'])(
    'a refund that came back on %s differs in no bill',
    async (when) => {
      const refund = await surplusRefund(5);
      const { orderId, paymentId, refundNumber } = refund;
      await world.payBack(refund);
      if (when === 'the next day') world.wait(lateAt);
      Object.assign(world.bank.provider, {
        queryRefund: async () => ({ state: 'failed', why: 'lost card' }),
      });
      Object.assign(world.findProvider(), { queryRefund: world.bank.provider.queryRefund });
      const says = { kind: 'refunded', refundNumber } as const;
      await recordNotification(world)('alipay', {
        notificationId: 'r',
        paymentNumber: paymentId,
        says,
      });
      await submitRefund(world)(orderId, refundNumber);
      const [row] = world.movements.splice(-1);
      // Stripe shows the refund as it is by then, and what came back as a movement of its own.
      world.movements.push({ ...row!, state: 'failed' });
      world.movements.push({
        kind: 'other',
        type: 'refund_failure',
        providerNumber: 'txn_2',
        at: world.time.now,
        amount: row!.amount,
        cost: 0,
      });
      world.wait(afterBoth);
      expect((await world.report()).differences).toEqual([]);
      expect((await world.report(tomorrow)).differences).toEqual([]);
    },
  );

  test('the run that cannot read the bill of the other day is made again', async () => {
    const payment = await world.sell(run, 1, { isTold: false, isInBill: false });
    world.wait(lateAt);
    await world.notify(payment);
    world.wait(afterBoth);
    const bills = world.findProvider().bills;
    const { read } = bills;
    bills.read = (date, signal) =>
      date === reconciledDay.date
        ? Promise.reject(Object.assign(new Error('no'), { name: 'TransientFailure' }))
        : read(date, signal);
    expect(await world.run(world.bookings, tomorrow)).toMatchObject({ reason: 'provider-silent' });
    bills.read = (date, signal) =>
      date === reconciledDay.date ? Promise.resolve(rejected('too-old')) : read(date, signal);
    expect((await world.report(tomorrow)).differences).toMatchObject([{ class: 'missing-there' }]);
  });

  /** Money that came twice for an order, so that one payment goes back. */
  const surplusRefund = async (person: number) => {
    const orderId = await world.held(run, [person]);
    const first = await world.pay(orderId);
    const second = await world.pay(orderId);
    await world.take(first);
    return world.refundOf(await world.take(second));
  };
});

describe('a report that needs a person', () => {
  const differing = async () => {
    const payment = await world.sell(run, 1);
    world.movements[0] = rowOfPayment(payment, world.time.now, { amount: money(1, 'CNY') });
    world.wait(morningAfter);
    return { payment, ...(await world.report()) };
  };
  const id = reportIdOf(reconciledDay);
  const person = { by: 'zhang', reason: 'the provider has corrected it' };
  const listed = async () =>
    (await listWhatNeedsAPerson(world.bookings, { perShardMax: 9 })).items.map(({ id: each, attention }) => [
      each,
      attention.kind,
    ]);

  test('is listed once, and a person’s word settles what it has', async () => {
    await differing();
    expect(await listed()).toEqual([[id, 'bill-differs']]);
    expect(attentionKinds['bill-differs'].endsWhenSettled).toBe(true);
    expect(await settle(world.dependencies)(id, person)).toMatchObject({ now: 'seen-to' });
    expect(await listed()).toEqual([]);
    const { report, differences } = await world.report();
    expect(report).toMatchObject({ open: 0, settledTo: 1, handled: [{ by: 'zhang' }] });
    expect(differences).toHaveLength(1);
    expect(await listed()).toEqual([]);
  });

  test('asks again about what is new only', async () => {
    const { payment } = await differing();
    await settle(world.dependencies)(id, person);
    const unknown = { paymentNumber: '01ARZ3NDEKTSV4RRFFQ69G5FAV_1', cost: 0 };
    world.movements.push(rowOfPayment(payment, world.movements[0]!.at, unknown));
    const { report, editionBefore } = await world.report();
    expect(report).toMatchObject({ edition: 2, open: 1, settledTo: 1 });
    expect(editionBefore).toBe(1);
    expect(await listed()).toEqual([[id, 'bill-differs']]);
  });

  test('needs nobody any more when a later run does not find it', async () => {
    const { payment } = await differing();
    world.movements[0] = rowOfPayment(payment, world.movements[0]!.at);
    const { differences } = await world.report();
    expect(differences).toMatchObject([{ class: 'amount', state: 'gone' }]);
    expect(await listed()).toEqual([]);
  });

  test('of a bill that was settled in the meantime is decided again', async () => {
    await differing();
    world.movements.length = 0;
    const stopping = stoppingAt(world.bookings, ({ input }) => input.Item?.['sk'] === 'REPORT');
    const running = world.run(stopping.table);
    await stopping.reached;
    await settle(world.dependencies)(id, person);
    stopping.goOn();
    expect(await running).toMatchObject({ outcome: 'accepted', report: { handled: [{ by: 'zhang' }] } });
    expect((await world.report()).changes).toEqual([]);
  });
});

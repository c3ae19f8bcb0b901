import type { Payment } from '../../shared/payments/model.ts';
import { serviceDateSchema } from '../../shared/platform/ids.ts';
import { instantOf, instantSchema, plusDays, plusSeconds, startOfDay } from '../../shared/platform/time.ts';
import { reconcileDay } from '../../shared/reconciliation/reconcile-day.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { reconcilingWorld, type ReconcilingWorld } from '../support/reconciling-world.ts';

jest.setTimeout(120_000);

let world: ReconcilingWorld;
let run: Run;
afterEach(() => world.stop());

const open = async (timeZone?: string): Promise<void> => {
  world = await reconcilingWorld(timeZone);
  run = await world.nextRun(40);
};

/** The report of a day of bills, for a carrier whose clocks are those of Berlin. */
const reportOf = async (date: string) => {
  const dependencies = {
    ...world.dependencies,
    carrier: { ...world.dependencies.carrier, timeZone: 'Europe/Berlin' },
  };
  const day = { provider: 'alipay', date: serviceDateSchema.parse(date) } as const;
  const result = await reconcileDay(dependencies)(day, () => true);
  if (result.outcome === 'rejected') throw new Error(result.reason);
  return result;
};

const countsOf = async (date: string) => {
  const { report, differences } = await reportOf(date);
  return { inBill: report.bill.payments.count, booked: report.books.payments.count, differences };
};

describe.each([
  { what: 'of 23 hours', timeZone: 'Europe/Berlin', date: '2026-03-29', hours: 23 },
  { what: 'of 25 hours', timeZone: 'Europe/Berlin', date: '2026-10-25', hours: 25 },
  { what: 'of UTC in which the carrier’s clocks change', timeZone: 'UTC', date: '2026-10-25', hours: 24 },
])('a day $what', ({ timeZone, date, hours }) => {
  test('has each payment in one bill, and none is missing, here or there', async () => {
    await open(timeZone);
    const begins = Date.parse(startOfDay(serviceDateSchema.parse(date), timeZone));
    // One in the last second of each hour, from the hour before the day to the one after it; we hear of each in the next hour.
    for (let hour = 0; hour <= hours + 1; hour += 1) {
      world.wait(instantOf(begins + hour * 3_600_000 - 1000));
      await world.sell(run, hour + 1);
    }
    world.pass(3 * 86_400);
    const next = plusDays(serviceDateSchema.parse(date), 1);
    expect(await countsOf(plusDays(serviceDateSchema.parse(date), -1))).toEqual({
      inBill: 1,
      booked: 0,
      differences: [],
    });
    expect(await countsOf(date)).toEqual({ inBill: hours, booked: hours, differences: [] });
    expect(await countsOf(next)).toEqual({ inBill: 1, booked: 2, differences: [] });
  });
});

describe('a payment about which the provider tells no time', () => {
  const hideTime = ({ paymentId }: Payment): void => {
    const trade = world.bank.trades.get(paymentId);
    if (trade?.state !== 'captured') throw new Error('not paid');
    const { paidAt: _, ...rest } = trade;
    world.bank.trades.set(paymentId, rest);
  };

  test('is missing there if it was begun and booked on the day of the bill', async () => {
    await open();
    world.wait(instantSchema.parse('2026-12-01T08:00:00.000Z'));
    const payment = await world.sell(run, 1, { isInBill: false });
    hideTime(payment);
    world.pass(2 * 86_400);
    expect((await reportOf('2026-12-01')).differences).toMatchObject([
      {
        class: 'missing-there',
        number: payment.paymentId,
        why: 'the provider has it in its books, without a time, and not in its bill',
      },
    ]);
  });

  test('is none if it is in the bill of the day before', async () => {
    await open();
    world.wait(instantSchema.parse('2026-12-01T23:59:59.000Z'));
    hideTime(await world.sell(run, 1));
    world.wait(plusSeconds(world.time.now, 3 * 86_400));
    expect(await countsOf('2026-12-01')).toEqual({ inBill: 1, booked: 0, differences: [] });
    expect(await countsOf('2026-12-02')).toEqual({ inBill: 0, booked: 1, differences: [] });
  });
});

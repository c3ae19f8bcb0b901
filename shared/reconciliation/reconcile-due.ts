import { loggable, logger } from '../platform/log.ts';
import type { Table } from '../platform/dynamo.ts';
import { writeMetrics } from '../platform/metrics.ts';
import type { Clock, Instant } from '../platform/time.ts';
import type { PaymentProviders } from '../payments/providers.ts';
import { daysReady, isLate } from './decide-day.ts';
import { countOpenDifferences } from './measure-reconciliation.ts';
import { reportIdOf, type BillDay } from './model.ts';
import { reconcileDay, type ReconciliationDependencies } from './reconcile-day.ts';
import { isRetryable } from './rules.ts';
import { readReports } from './store.ts';

type Providers = Pick<PaymentProviders, 'values'>;

/** The days of the last few whose bill is ready and that have no report, the oldest first. */
const daysWithoutReport = async (bookings: Table, providers: Providers, now: Instant): Promise<BillDay[]> => {
  const days = [...providers.values()].flatMap(({ name: provider, bills }) =>
    daysReady(bills, now).map((date): BillDay => ({ provider, date })),
  );
  const reported = new Set((await readReports(bookings, days)).map(reportIdOf));
  return days
    .filter((day) => !reported.has(reportIdOf(day)))
    .toSorted((a, b) => (a.date < b.date ? -1 : Number(a.date > b.date)));
};

/** How many of these days have had a bill for a day. */
const countLate = (days: readonly BillDay[], providers: Providers, now: Instant): number => {
  const bills = new Map([...providers.values()].map((provider) => [provider.name, provider.bills]));
  return days.filter(({ provider, date }) => {
    const calendar = bills.get(provider);
    return calendar !== undefined && isLate(date, calendar, now);
  }).length;
};

export type DueReport = { done: string[]; failed: { day: string; why: string }[] };

/**
 * Compares every bill that is ready and was not compared yet, so that a day that was missed, or on which the provider did
 * not answer, is caught up. A day that fails never keeps the others from their turn; a later call tries it again.
 */
export const reconcileDue =
  (dependencies: ReconciliationDependencies & { providers: Providers }) =>
  async (hasTime: () => boolean): Promise<DueReport> => {
    const { bookings, clock, providers } = dependencies;
    const report: DueReport = { done: [], failed: [] };
    for (const day of await daysWithoutReport(bookings, providers, clock())) {
      if (!hasTime()) break;
      const id = reportIdOf(day);
      const why = await reconcileOne(dependencies, day, hasTime);
      if (why === undefined) report.done.push(id);
      else report.failed.push({ day: id, why });
    }
    return report;
  };

/**
 * Reports how many differences are open, and how many days have had a bill for a day and no report:
 * `infra/alarms/money.ts` watches these metrics.
 */
export const reportReconciliation = async ({
  bookings,
  clock,
  providers,
}: {
  bookings: Table;
  clock: Clock;
  providers: Providers;
}): Promise<void> => {
  const now = clock();
  const late = countLate(await daysWithoutReport(bookings, providers, now), providers, now);
  const open = await countOpenDifferences(bookings);
  writeMetrics(
    'how bills and books agree',
    {
      ReconciliationDifferences: { value: open, unit: 'Count' },
      ReconciliationLate: { value: late, unit: 'Count' },
    },
    now,
  );
};

/** Undefined if the day has its report; otherwise why it has none. */
const reconcileOne = async (
  dependencies: ReconciliationDependencies,
  day: BillDay,
  hasTime: () => boolean,
): Promise<string | undefined> => {
  try {
    const result = await reconcileDay(dependencies)(day, hasTime);
    if (result.outcome === 'accepted') {
      const { open } = result.report;
      logger.info('a bill was compared', { ...day, open });
      return undefined;
    }
    const { reason, why } = result;
    const say = isRetryable[reason] ? 'warn' : 'error';
    logger[say]('a bill was not compared', { ...day, reason });
    return why ?? reason;
  } catch (error) {
    logger.error('a bill could not be compared', { ...day, thrown: loggable(error) });
    return loggable(error).name;
  }
};

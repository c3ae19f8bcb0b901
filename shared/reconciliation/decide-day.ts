import type { ProviderBills } from '../payments/bill.ts';
import type { ServiceDate } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { plusDays, plusSeconds, type Instant } from '../platform/time.ts';

/** A scheduled run looks at so many days. What a provider could not give in that time, a person asks for by date. */
const scheduledDays = 10;

/** A bill that has been ready for so long without a report is late. */
const lateSeconds = 86_400;

type BillCalendar = Pick<ProviderBills, 'dayOf' | 'readyAt'>;

/** Whether a provider can have the bill of a day by now. */
export const decideDay = (
  date: ServiceDate,
  { dayOf, readyAt }: BillCalendar,
  now: Instant,
): Outcome<object, 'not-over' | 'not-ready'> => {
  if (date >= dayOf(now)) return rejected('not-over');
  return readyAt(date) <= now ? accepted({}) : rejected('not-ready');
};

/** The days whose bills should be compared by now, the oldest first. */
export const daysReady = (calendar: BillCalendar, now: Instant): ServiceDate[] => {
  const today = calendar.dayOf(now);
  return Array.from({ length: scheduledDays }, (_, index) => plusDays(today, index - scheduledDays)).filter(
    (date) => decideDay(date, calendar, now).outcome === 'accepted',
  );
};

/** Whether the report of a day is late. */
export const isLate = (
  date: ServiceDate,
  { readyAt }: Pick<BillCalendar, 'readyAt'>,
  now: Instant,
): boolean => plusSeconds(readyAt(date), lateSeconds) <= now;

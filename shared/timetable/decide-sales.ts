import type { ServiceDate } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { plusDays } from '../platform/time.ts';
import type { SaleException, SaleSubject, Sales } from './model.ts';
import { lastDateSold } from './sale-rules.ts';

type Dates = { from: ServiceDate; until?: ServiceDate | undefined };

/** What an operator wants. A trip or route that is opened without dates is on sale as all others are. */
export type SalesCommand =
  | { what: 'open'; subject: { kind: 'all' }; dates: { from: ServiceDate; until: ServiceDate } }
  | { what: 'open'; subject: SaleSubject; dates?: { from: ServiceDate; until: ServiceDate } | undefined }
  | { what: 'close'; subject: SaleSubject; dates: Dates };

/** `gap`: the days between two stretches would open unnoticed. `too-many-exceptions`: they no longer fit. */
export type SalesRefusal = 'gap' | 'too-many-exceptions';

/** Whether the same command may succeed a moment later although nobody changes anything. */
export const isRetryable = {
  gap: false,
  'too-many-exceptions': false,
} as const satisfies Record<SalesRefusal, boolean>;

/** Every search reads them once a second. */
const exceptionBytesMax = 16_000;

/** The sale after a command. A sold seat stays sold whatever it says. */
export const decideSales = (
  current: Sales | undefined,
  command: SalesCommand,
  today: ServiceDate,
): Outcome<{ sales: Sales }, SalesRefusal> => {
  const kept = (current?.exceptions ?? []).filter(
    ({ until }) => until === undefined || until >= plusDays(today, -1),
  );
  const { subject, dates } = command;
  const others = kept.filter((each) => !isSame(each.subject, subject));
  const own = kept.filter((each) => isSame(each.subject, subject));
  const rest = dates ? own.flatMap((each) => without(each, dates)) : [];
  if (command.what === 'open' && subject.kind === 'all') {
    if (!isBounded(dates)) throw new Error('opening all without dates');
    const opened = openDates(current, dates, today);
    return opened.outcome === 'rejected' ? opened : fitting(current, opened.sales, [...others, ...rest]);
  }
  const window = current ?? { from: today, until: plusDays(today, -1) };
  if (subject.kind === 'all' && dates && (dates.until === undefined || dates.until >= window.until)) {
    const last = plusDays(dates.from, -1);
    return fitting(current, { from: window.from, until: last < window.until ? last : window.until }, [
      ...others,
      ...rest,
    ]);
  }
  const { from, until } = dates ?? {};
  const sale = command.what === 'open' ? 'open' : 'closed';
  const added = from ? [{ subject, sale, from, ...(until && { until }) } satisfies SaleException] : [];
  return fitting(current, window, [...others, ...rest, ...added]);
};

const isBounded = (dates: Dates | undefined): dates is { from: ServiceDate; until: ServiceDate } =>
  dates?.until !== undefined;

const fitting = (
  current: Sales | undefined,
  { from, until }: Pick<Sales, 'from' | 'until'>,
  exceptions: SaleException[],
): Outcome<{ sales: Sales }, 'too-many-exceptions'> => {
  if (Buffer.byteLength(JSON.stringify(exceptions)) > exceptionBytesMax)
    return rejected('too-many-exceptions');
  const sales = { from, until, ...(exceptions.length > 0 && { exceptions }) };
  const reached = current && lastDateSold(current);
  return accepted({ sales: { ...sales, ...(reached && reached > lastDateSold(sales) && { reached }) } });
};

export const isSame = (a: SaleSubject, b: SaleSubject): boolean =>
  a.kind === b.kind && (a.kind === 'all' || b.kind === 'all' || a.id === b.id);

/** An exception without some dates: the part before them and the part after them. */
const without = (each: SaleException, { from, until }: Dates): SaleException[] => {
  const { until: end, ...open } = each;
  const parts: SaleException[] = [];
  if (each.from < from) {
    const before = plusDays(from, -1);
    parts.push({ ...open, until: end !== undefined && end < before ? end : before });
  }
  if (until !== undefined && (end === undefined || end > until)) {
    const after = plusDays(until, 1);
    parts.push({ ...each, from: each.from > after ? each.from : after });
  }
  return parts;
};

/**
 * The dates on sale after adding some. They are one stretch: new dates must touch it at either end, otherwise the days
 * between would open unnoticed. A stretch that is over no longer counts.
 */
export const openDates = (
  current: Pick<Sales, 'from' | 'until'> | undefined,
  opened: { from: ServiceDate; until: ServiceDate },
  today: ServiceDate,
): Outcome<{ sales: { from: ServiceDate; until: ServiceDate } }, 'gap'> => {
  if (!current || current.until < today) return accepted({ sales: opened });
  const touches = opened.from <= plusDays(current.until, 1) && opened.until >= plusDays(current.from, -1);
  if (!touches) return rejected('gap');
  return accepted({
    sales: {
      from: opened.from < current.from ? opened.from : current.from,
      until: opened.until > current.until ? opened.until : current.until,
    },
  });
};

import type { FindProvider } from '../paying/ask-provider.ts';
import type { BillRow, ProviderBills } from '../payments/bill.ts';
import type { ServiceDate } from '../platform/ids.ts';
import { loggable, logger } from '../platform/log.ts';
import { writeMetrics } from '../platform/metrics.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import { isTransient } from '../platform/transient.ts';
import { forgetAnswers } from './answers-store.ts';
import { askAll } from './ask-all.ts';
import { questionsAbout } from './ask-about.ts';
import { bookCosts } from './book-costs.ts';
import { compareBill, type Compared } from './compare-bill.ts';
import { decideDay } from './decide-day.ts';
import type { BillDay } from './model.ts';
import {
  publishReport,
  readRemembered,
  rememberFinding,
  type Published,
  type ReportDependencies,
} from './publish-report.ts';
import { readBooks, type Books } from './read-books.ts';
import type { RunRefusal } from './rules.ts';

export type ReconciliationDependencies = ReportDependencies & { findProvider: FindProvider };

/** A report, or why there is none; `why` says more, if there is more to say. */
export type Reconciled = Outcome<Published, RunRefusal> & { why?: string };

/**
 * Compares a provider's bill of a day with our books, books what the rules allow, and reports the rest. Anyone may repeat
 * it at any time: what was found before is told once. `hasTime` is asked again and again; without time the run ends, and
 * the next one asks the provider only what this one has not.
 */
export const reconcileDay =
  (dependencies: ReconciliationDependencies) =>
  async (day: BillDay, hasTime: () => boolean): Promise<Reconciled> => {
    const { bookings, clock, findProvider } = dependencies;
    const bills = findProvider(day.provider)?.bills;
    if (!bills) return rejected('provider-off');
    const possible = decideDay(day.date, bills, clock());
    if (possible.outcome === 'rejected') return possible;
    const span = bills.span(day.date);
    const remembered = await readRemembered(bookings, day);
    const books = await readBooks(bookings, day.provider, span, hasTime);
    if (!books) return rejected('out-of-time');
    const compared = await readAndCompare({ bookings, clock }, { day, bills, books, hasTime });
    if (compared.outcome === 'rejected') return compared;
    const totals = { bill: compared.bill, books: books.totals };
    const remember = rememberFinding(dependencies, day, remembered);
    const questions = questionsAbout({ ...dependencies, remember })(compared, span);
    const asked = await askAll({ bookings, clock, day, hasTime }, questions);
    if (asked.outcome === 'rejected') return asked;
    const costs = await bookCosts(dependencies, day, compared.bill, span);
    const findings = [...compared.findings, ...asked.findings, ...costs];
    const published = await publishReport(dependencies)(day, { findings, ...totals });
    if (published.outcome === 'accepted') await forgetAnswers(bookings, day, clock());
    return published;
  };

type Bill = { day: BillDay; bills: ProviderBills; books: Books; hasTime: () => boolean };

/** Reads the bill and compares it, row by row. Whatever the provider's side throws becomes a reason. */
const readAndCompare = async (
  { bookings, clock }: Pick<ReconciliationDependencies, 'bookings' | 'clock'>,
  { day: { provider, date }, bills, books, hasTime }: Bill,
): Promise<Outcome<Compared, RunRefusal> & { why?: string }> => {
  const over = new AbortController();
  const theirs = noting();
  try {
    const bill = await theirs.asked(bills.read(date, over.signal));
    if (bill.outcome === 'rejected') return bill;
    const reading = { bookings, provider, books, hasTime };
    const compared = await compareBill(reading, theirs.rows(bill.rows));
    return compared ? accepted(compared) : rejected('out-of-time');
  } catch (error) {
    // An error of our tables is none of the provider's.
    if (!theirs.isFailure(error)) throw error;
    return { ...reasonOf(error, { provider, date }, clock), why: messageOf(error) };
  } finally {
    over.abort();
  }
};

/** Notes which errors come from the provider. */
const noting = () => {
  const failures = new WeakSet<object>();
  const note = (error: unknown): never => {
    if (error instanceof Error) failures.add(error);
    throw error;
  };
  return {
    isFailure: (error: unknown): boolean => error instanceof Error && failures.has(error),
    asked: <Value>(value: Promise<Value>): Promise<Value> => value.catch(note),
    rows: async function* (rows: AsyncIterable<BillRow>): AsyncGenerator<BillRow> {
      try {
        yield* rows;
      } catch (error) {
        note(error);
      }
    },
  };
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The names of the errors of a provider, and what they mean for a run. Any other error is thrown on. */
const reasonOf = (
  error: unknown,
  about: { provider: string; date: ServiceDate },
  clock: Clock,
): ReturnType<typeof rejected<'provider-silent' | 'provider-refuses' | 'bill-unreadable'>> => {
  const thrown = loggable(error);
  if (isTransient(error)) {
    logger.warn('a provider does not give its bill', { ...about, thrown });
    return rejected('provider-silent');
  }
  if (thrown.name === 'UnreadableBill') {
    logger.error('a bill cannot be read', { ...about, thrown });
    return rejected('bill-unreadable');
  }
  if (thrown.name !== 'ProviderRefusal') throw error;
  logger.error('a provider refuses to give its bill', { ...about, thrown });
  writeMetrics('what providers refuse', { ProviderRefusals: { value: 1, unit: 'Count' } }, clock());
  return rejected('provider-refuses');
};

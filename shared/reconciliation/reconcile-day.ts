import type { FindProvider } from '../paying/ask-provider.ts';
import { rejected, type Outcome } from '../platform/outcome.ts';
import { forgetAnswers } from './answers-store.ts';
import { askAll } from './ask-all.ts';
import { questionsAbout } from './ask-about.ts';
import { bookCosts } from './book-costs.ts';
import { compareBill } from './compare-bill.ts';
import { decideDay } from './decide-day.ts';
import { lookElsewhere } from './look-elsewhere.ts';
import type { BillDay } from './model.ts';
import {
  publishReport,
  readRemembered,
  rememberFinding,
  type Published,
  type ReportDependencies,
} from './publish-report.ts';
import { readBill } from './read-bill.ts';
import { readBooks } from './read-books.ts';
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
    const reading = { bookings, provider: day.provider, books, hasTime };
    const read = await readBill({ clock, bills, day }, (rows) => compareBill(reading, rows));
    if (read.outcome === 'rejected') return read;
    const { result: compared } = read;
    const totals = { bill: compared.bill, books: books.totals };
    const remember = rememberFinding(dependencies, day, remembered);
    const questions = questionsAbout({ ...dependencies, remember })(compared, span);
    const asked = await askAll({ bookings, clock, day, hasTime }, questions);
    if (asked.outcome === 'rejected') return asked;
    const elsewhere = await lookElsewhere({ clock, bills, day, hasTime }, asked.elsewhere);
    if (elsewhere.outcome === 'rejected') return elsewhere;
    const costs = await bookCosts(dependencies, day, compared.bill, span);
    const findings = [...compared.findings, ...asked.findings, ...elsewhere.findings, ...costs];
    const published = await publishReport(dependencies)(day, { findings, ...totals });
    if (published.outcome === 'accepted') await forgetAnswers(bookings, day, clock());
    return published;
  };

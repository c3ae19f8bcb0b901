import { listEntries } from '../ledger/entries-store.ts';
import type { JournalEntry } from '../ledger/model.ts';
import type { ProviderName } from '../payments/model.ts';
import type { Table } from '../platform/dynamo.ts';
import { money } from '../platform/money.ts';
import type { Span } from './decide-answer.ts';
import type { Booked } from './decide-row.ts';
import type { BookTotals } from './model.ts';
import { count, emptyBookTotals } from './tallies.ts';

/** An entry of the journal, and the row of the bill that has it too. */
export type BookedOnce = Booked & { row?: number };

/** What we booked at a provider in a span of time, by the number of the payment or refund. */
export type Books = { entries: Map<string, BookedOnce>; totals: BookTotals };

/** Costs are compared by their sum. A refund that came back is another movement of the bill, of a kind that we do not compare. */
const isNoMovement: ReadonlySet<JournalEntry['kind']> = new Set([
  'provider-costs',
  'refund-returned',
  'surplus-returned',
]);

/** The money that an entry moves at a provider for a payment or a refund; undefined for any other entry. */
const bookedOf = (entry: JournalEntry): Booked | undefined => {
  if (isNoMovement.has(entry.kind)) return undefined;
  const moved = entry.legs
    .filter(({ account }) => account === 'clearing')
    .reduce((sum, { amount }) => sum + amount, 0);
  if (moved === 0) return undefined;
  return {
    of: moved > 0 ? 'payment' : 'refund',
    number: entry.source,
    amount: money(Math.abs(moved), entry.currency),
    at: entry.at,
  };
};

/** Reads what we booked at a provider in a span. Undefined if the time ran out. */
export const readBooks = async (
  bookings: Table,
  provider: ProviderName,
  span: Span,
  hasTime: () => boolean,
): Promise<Books | undefined> => {
  const books: Books = { entries: new Map(), totals: emptyBookTotals() };
  for await (const entry of listEntries(bookings, span)) {
    if (!hasTime()) return undefined;
    const booked = entry.provider === provider ? bookedOf(entry) : undefined;
    if (!booked) continue;
    books.entries.set(booked.number, booked);
    count(booked.of === 'payment' ? books.totals.payments : books.totals.refunds, booked.amount);
  }
  return books;
};

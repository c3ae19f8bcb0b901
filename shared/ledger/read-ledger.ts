import type { Item, Table } from '../platform/dynamo.ts';
import type { ServiceDate } from '../platform/ids.ts';
import { localDateOf, plusDays, startOfDay, type Instant } from '../platform/time.ts';
import { addingUp, totalsOf, type Moved } from './balances.ts';
import { booksBegin } from './books-day.ts';
import { listEntries } from './entries-store.ts';
import type { JournalEntry } from './model.ts';
import { imbalanceOf } from './rules.ts';

/** Local days of a time zone, both included. */
export type LedgerDays = { from: ServiceDate; until: ServiceDate; timeZone: string };

/** A stored entry that is wrong: the minor units by which it is off, or that it cannot be read. */
export type WrongEntry =
  { entry: string; currency: string; off: bigint } | { entry: string; unreadable: true };

export type Ledger = {
  /** What stood on the lines before the first day. */
  opening: Moved[];
  /** The days on which something moved. */
  days: { date: ServiceDate; lines: Moved[] }[];
  /** What moved on the lines on all these days, and what stands there after the last. */
  closing: Moved[];
  /** The number of entries of these days. */
  entries: number;
  /** Of these days and of all before, because their balances count. */
  wrong: WrongEntry[];
};

export const spanOf = ({ from, until, timeZone }: LedgerDays): { from: Instant; until: Instant } => ({
  from: startOfDay(from, timeZone),
  until: startOfDay(plusDays(until, 1), timeZone),
});

/** The faults of entries as they go by. */
export const watchingEntries = () => {
  const wrong: WrongEntry[] = [];
  return {
    wrong,
    see: (entry: JournalEntry): void => {
      const off = imbalanceOf(entry);
      if (off !== 0n) wrong.push({ entry: entry.entryId, currency: entry.currency, off });
    },
    onUnreadable: ({ pk, sk }: Item): void =>
      void wrong.push({ entry: `${String(pk)} ${String(sk)}`, unreadable: true }),
  };
};

/**
 * The balances of some days, by day and line. It reads every entry of the index up to the last day, because a balance is
 * the sum of all that came before.
 */
export const readLedger = async (bookings: Table, days: LedgerDays): Promise<Ledger> => {
  const { from, until } = spanOf(days);
  const sums = addingUp();
  const watch = watchingEntries();
  const ledger: Ledger = { opening: [], days: [], closing: [], entries: 0, wrong: watch.wrong };
  let today: { date: ServiceDate; endsAt: Instant } | undefined;
  const endDay = (): void => {
    if (today) ledger.days.push({ date: today.date, lines: sums.takeMoved() });
  };
  const endOpening = (): void => {
    sums.takeMoved();
    ledger.opening = sums.standing();
  };
  for await (const entry of listEntries(bookings, { from: booksBegin, until }, watch)) {
    watch.see(entry);
    if (entry.at >= from && (!today || entry.at >= today.endsAt)) {
      if (today) endDay();
      else endOpening();
      today = dayOf(entry.at, days);
    }
    if (today) ledger.entries += 1;
    sums.add(entry);
  }
  if (today) endDay();
  else endOpening();
  ledger.closing = totalsOf(
    ledger.days.map(({ lines }) => lines),
    sums.standing(),
  );
  return ledger;
};

const dayOf = (at: Instant, { timeZone }: LedgerDays): { date: ServiceDate; endsAt: Instant } => {
  const date = localDateOf(at, timeZone);
  return { date, endsAt: startOfDay(plusDays(date, 1), timeZone) };
};

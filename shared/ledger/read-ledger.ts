import type { Item, Table } from '../platform/dynamo.ts';
import type { ServiceDate } from '../platform/ids.ts';
import { localDateOf, plusDays, startOfDay, type Instant } from '../platform/time.ts';
import { addingUp, totalsOf, type Moved } from './balances.ts';
import type { JournalEntry } from './model.ts';
import { imbalanceOf } from './rules.ts';
import { scanEntries } from './scan-store.ts';

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
 * The balances of some days, by day and line. It reads every entry of the index, because a balance is the sum of all that
 * came before, and nobody knows when the books begin.
 */
export const readLedger = async (bookings: Table, days: LedgerDays): Promise<Ledger> => {
  const { from, until } = spanOf(days);
  const watch = watchingEntries();
  const sums = addingUp();
  const ofDays = new Map<ServiceDate, ReturnType<typeof addingUp>>();
  const dateOf = datesIn(days.timeZone);
  let entries = 0;
  for await (const entry of scanEntries(bookings, { until }, watch)) {
    watch.see(entry);
    if (entry.at < from) {
      sums.add(entry);
      continue;
    }
    entries += 1;
    const date = dateOf(entry.at);
    const ofDay = ofDays.get(date) ?? addingUp();
    ofDays.set(date, ofDay);
    ofDay.add(entry);
  }
  sums.takeMoved();
  const opening = sums.standing();
  const moved = [...ofDays.keys()].toSorted().map((date) => {
    sums.addMoved(ofDays.get(date)?.takeMoved() ?? []);
    return { date, lines: sums.takeMoved() };
  });
  const closing = totalsOf(
    moved.map(({ lines }) => lines),
    sums.standing(),
  );
  return { opening, days: moved, closing, entries, wrong: watch.wrong };
};

/** The local date of an instant. Most come after one of the same day, and a date is slow to compute. */
const datesIn = (timeZone: string): ((at: Instant) => ServiceDate) => {
  let day: { date: ServiceDate; begins: Instant; ends: Instant } | undefined;
  return (at) => {
    if (!day || at < day.begins || at >= day.ends) {
      const date = localDateOf(at, timeZone);
      day = { date, begins: startOfDay(date, timeZone), ends: startOfDay(plusDays(date, 1), timeZone) };
    }
    return day.date;
  };
};

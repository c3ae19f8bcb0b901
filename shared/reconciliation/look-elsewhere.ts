import type { BillRow, ProviderBills } from '../payments/bill.ts';
import type { ServiceDate } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { plusDays, type Clock } from '../platform/time.ts';
import { isDone, isMoney, numberOfRow } from './decide-row.ts';
import type { BillDay, Elsewhere, Finding } from './model.ts';
import { readBill } from './read-bill.ts';
import type { RunRefusal } from './rules.ts';

/** How many days back a bill may have what we booked: a refund that was under way for longer is looked for no further. */
const daysBackMax = 10;

type Looking = {
  clock: Clock;
  bills: Pick<ProviderBills, 'dayOf' | 'read'>;
  /** The day of the bill that lacks it. */
  day: BillDay;
  hasTime: () => boolean;
};

/** The days before the bill's own in which the provider may have moved it, the earliest first. */
const daysOf = ({ from, until }: Elsewhere, { bills, day }: Looking): ServiceDate[] => {
  const earliest = plusDays(day.date, -daysBackMax);
  const first = bills.dayOf(from) > earliest ? bills.dayOf(from) : earliest;
  const last = bills.dayOf(until);
  return Array.from({ length: daysBackMax + 1 }, (_, back) => plusDays(first, back)).filter(
    (date) => date <= last && date < day.date,
  );
};

/** The numbers among the wanted ones that a bill has. A refund may have been under way when it was made. */
const numbersIn = async (
  rows: AsyncIterable<BillRow>,
  { wanted, hasTime }: { wanted: ReadonlySet<string>; hasTime: () => boolean },
): Promise<Set<string> | undefined> => {
  const found = new Set<string>();
  for await (const row of rows) {
    if (!hasTime()) return undefined;
    if (!isMoney(row) || (row.kind === 'payment' && !isDone(row))) continue;
    const number = numberOfRow(row);
    if (wanted.has(number)) found.add(number);
  }
  return found;
};

/**
 * Looks for what we booked on the day of a bill, and the provider moved before, in the bills of those days: ours may have
 * learnt of it late, but one of theirs must have it. Each of these bills is read once.
 */
export const lookElsewhere = async (
  looking: Looking,
  things: readonly Elsewhere[],
): Promise<Outcome<{ findings: Finding[] }, RunRefusal> & { why?: string }> => {
  const { clock, bills, day, hasTime } = looking;
  const waiting = new Map(things.map((thing) => [thing.finding.number, thing]));
  const days = new Set(things.flatMap((thing) => daysOf(thing, looking)));
  for (const date of [...days].toSorted()) {
    const wanted = new Set(
      [...waiting.values()].flatMap((thing) =>
        daysOf(thing, looking).includes(date) ? [thing.finding.number] : [],
      ),
    );
    if (wanted.size === 0) continue;
    if (!hasTime()) return rejected('out-of-time');
    const read = await readBill({ clock, bills, day: { ...day, date } }, (rows) =>
      numbersIn(rows, { wanted, hasTime }),
    );
    // A bill that is no longer given has nothing that one can find in it.
    if (read.outcome === 'rejected' && read.reason === 'too-old') continue;
    if (read.outcome === 'rejected') return read;
    for (const number of read.result) waiting.delete(number);
  }
  return accepted({ findings: [...waiting.values()].map(({ finding }) => finding) });
};

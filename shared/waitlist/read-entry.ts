import type { Entry, EntryIn } from '../entries/model.ts';
import { readQueue } from '../entries/queue-store.ts';
import { aheadOf, openWishes, placesInQueues } from '../entries/rules.ts';
import { readEntry } from '../entries/store.ts';
import type { Payment, Refund } from '../payments/model.ts';
import { listRefunds } from '../payments/refunds-store.ts';
import { listPayments } from '../payments/store.ts';
import type { Table } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import type { Clock } from '../platform/time.ts';

/** An entry with its money. */
export type WholeEntry = { entry: Entry; payments: Payment[]; refunds: Refund[] };

export const readWholeEntry = async (bookings: Table, entryId: OrderId): Promise<WholeEntry | undefined> => {
  const [entry, payments, refunds] = await Promise.all([
    readEntry(bookings, entryId),
    listPayments(bookings, entryId),
    listRefunds(bookings, entryId),
  ]);
  return entry && { entry, payments, refunds };
};

/** The place of each wish of a waiting entry in its queue, 1 for whoever is next, by the number of the wish. */
export const findPlaces =
  ({ bookings, clock }: { bookings: Table; clock: Clock }) =>
  async (entry: EntryIn<'waiting'>): Promise<ReadonlyMap<number, number>> => {
    const now = clock();
    const open = new Set(openWishes(entry, now).map(({ n }) => n));
    const places = placesInQueues(entry, entry.waitingSince).filter(({ n }) => open.has(n));
    const found = await Promise.all(
      places.map(async (place) => {
        const ahead = new Set<OrderId>();
        for await (const page of readQueue(bookings, place)) {
          for (const entryId of aheadOf(place, page, now)) ahead.add(entryId);
          if (page.some(({ entryId }) => entryId === entry.entryId)) break;
        }
        return [place.n, ahead.size + 1] as const;
      }),
    );
    return new Map(found);
  };

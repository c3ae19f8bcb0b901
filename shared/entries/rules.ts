import type { OrderId } from '../platform/ids.ts';
import type { Money } from '../platform/money.ts';
import { earlier, type Instant } from '../platform/time.ts';
import type { EntryIn, Queued, Wish } from './model.ts';

/** The wishes of an entry for which somebody still waits, with their numbers. */
export const openWishes = (
  { wishes }: { wishes: readonly Wish[] },
  now: Instant,
): { wish: Wish; n: number }[] => wishes.flatMap((wish, n) => (now < wish.cutOffAt ? [{ wish, n }] : []));

/** When the next of its wishes is over; undefined if all are. */
export const nextCutOff = (entry: { wishes: readonly Wish[] }, now: Instant): Instant | undefined =>
  openWishes(entry, now)
    .map(({ wish }) => wish.cutOffAt)
    .reduce<Instant | undefined>((first, at) => (first ? earlier(first, at) : at), undefined);

/** The places in the queues that a paid entry gets. */
export const placesInQueues = (
  { entryId, wishes, passengers }: Pick<EntryIn<'unpaid'>, 'entryId' | 'wishes' | 'passengers'>,
  waitingSince: Instant,
): Queued[] =>
  wishes.map((wish, n) => ({
    entryId,
    n,
    runId: wish.runId,
    class: wish.class,
    from: wish.from.stopId,
    to: wish.to.stopId,
    departsAt: wish.departsAt,
    arrivesAt: wish.arrivesAt,
    party: passengers.length,
    waitingSince,
    cutOffAt: wish.cutOffAt,
  }));

/** What goes back if an entry is fulfilled for this amount. */
export const differenceOf = ({ amount }: { amount: Money }, ordered: Money): Money => ({
  amount: amount.amount - ordered.amount,
  currency: amount.currency,
});

/** Who waits before a place in the same queue: whoever came earlier and would share a part of its journey. */
export const aheadOf = (place: Queued, queue: readonly Queued[], now: Instant): OrderId[] =>
  queue.flatMap((other) =>
    other.entryId !== place.entryId &&
    now < other.cutOffAt &&
    other.departsAt < place.arrivesAt &&
    place.departsAt < other.arrivesAt &&
    (other.waitingSince < place.waitingSince ||
      (other.waitingSince === place.waitingSince && other.entryId < place.entryId))
      ? [other.entryId]
      : [],
  );

import type { Carrier } from '../platform/carrier.ts';
import { orderIdSchema, type OrderId } from '../platform/ids.ts';
import {
  earlier,
  instantOf,
  millisecondsOf,
  plusSeconds,
  secondsBetween,
  type Instant,
} from '../platform/time.ts';
import type { Order } from './model.ts';

/**
 * The time until which an unpaid order keeps its seats: the carrier's hold, shorter if the run departs soon, and never
 * beyond the end of the sale from the stop where its passengers board.
 */
export const holdUntil = (
  {
    holdSeconds,
    holdSecondsWhenSoon,
    soonSeconds,
    saleClosesSeconds,
  }: Pick<Carrier, 'holdSeconds' | 'holdSecondsWhenSoon' | 'soonSeconds' | 'saleClosesSeconds'>,
  departsAt: Instant,
  now: Instant,
): Instant => {
  const soon = secondsBetween(now, departsAt) < soonSeconds;
  const saleEnds = plusSeconds(departsAt, -saleClosesSeconds);
  return earlier(plusSeconds(now, soon ? holdSecondsWhenSoon : holdSeconds), saleEnds);
};

/** The time for which a passenger sits in a seat, half open: `[from, to)`. */
export type TravelTime = { from: Instant; to: Instant };

export const overlaps = (a: TravelTime, b: TravelTime): boolean => a.from < b.to && b.from < a.to;

const dayMilliseconds = 86_400_000;

/** The UTC days that a travel time touches: there is one claim per day, so that each is a small item. */
export const claimDays = ({ from, to }: TravelTime): string[] => {
  const first = Math.floor(millisecondsOf(from) / dayMilliseconds);
  const last = Math.floor((millisecondsOf(to) - 1) / dayMilliseconds);
  return Array.from({ length: Math.max(1, last - first + 1) }, (_, offset) =>
    instantOf((first + offset) * dayMilliseconds).slice(0, 10),
  );
};

/**
 * A journey with documents touches at most this many UTC days. The claims of nine passengers on each day go into one
 * transaction with everything else that begins or ends an order, and DynamoDB accepts a hundred items in one. T19 has the
 * most: beside 81 claims, nine tickets, the order, the count, an entry for the fee; and for each of up to two payments
 * its payment, refund and entry.
 */
export const journeyDaysMax = 9;

/** The claims on one person on one day, from one read. */
export type DayClaims = { claim: string; day: string; version: number; claims: Record<string, TravelTime> };

/** `instead`: the holder whose ticket is exchanged for this one, and who gives the claim up then. */
export type ClaimWish = { claim: string; holder: string; time: TravelTime; instead?: string | undefined };

/** The holders whose claims overlap a wish, except its own earlier claim and that of the ticket that it replaces. */
export const holdersInTheWay = (
  claims: readonly DayClaims[],
  { claim, holder, time, instead }: ClaimWish,
): string[] =>
  claims
    .filter((day) => day.claim === claim)
    .flatMap((day) => Object.entries(day.claims))
    .flatMap(([other, otherTime]) =>
      other !== holder && other !== instead && overlaps(otherTime, time) ? [other] : [],
    );

export const isClaimed = (claims: readonly DayClaims[], wish: ClaimWish): boolean =>
  holdersInTheWay(claims, wish).length > 0;

/** The order of a holder `<orderId>-<itemId>`. */
export const orderOfHolder = (holder: string): OrderId | undefined =>
  orderIdSchema.safeParse(holder.slice(0, 26)).data;

/** The result of the workflow's Reserve, by the order's state. */
export const reservationOf = (
  order: Order | undefined,
  now: Instant,
): { outcome: 'held'; secondsLeft: number } | { outcome: 'due' | 'paid' | 'ended' } => {
  switch (order?.state) {
    case 'held':
      return order.expiresAt > now
        ? { outcome: 'held', secondsLeft: Math.max(1, Math.ceil(secondsBetween(now, order.expiresAt))) }
        : { outcome: 'due' };
    case 'closing':
    case 'releasing':
      return { outcome: 'due' };
    case 'paid':
      return { outcome: 'paid' };
    default:
      return { outcome: 'ended' };
  }
};

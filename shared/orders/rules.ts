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
 * Until when an unpaid order keeps its seats: the carrier's hold, shorter when the run departs soon, and never beyond
 * the end of the sale from the stop where its passengers board.
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

/** The stretch of time in which a passenger sits in a seat, half open: `[from, to)`. */
export type TravelTime = { from: Instant; to: Instant };

export const overlaps = (a: TravelTime, b: TravelTime): boolean => a.from < b.to && b.from < a.to;

const dayMilliseconds = 86_400_000;

/** The UTC days that a travel time touches: a claim is kept per day, so that each is a small item. */
export const claimDays = ({ from, to }: TravelTime): string[] => {
  const first = Math.floor(millisecondsOf(from) / dayMilliseconds);
  const last = Math.floor((millisecondsOf(to) - 1) / dayMilliseconds);
  return Array.from({ length: Math.max(1, last - first + 1) }, (_, offset) =>
    instantOf((first + offset) * dayMilliseconds).slice(0, 10),
  );
};

/**
 * A journey with documents touches no more days, in UTC. The claims of nine passengers on each of them go into one
 * transaction with all else that an order begins or ends with, and DynamoDB takes a hundred items in one.
 */
export const journeyDaysMax = 10;

/** The claims on one person on one day, as read. */
export type DayClaims = { claim: string; day: string; version: number; claims: Record<string, TravelTime> };

export type ClaimWish = { claim: string; holder: string; time: TravelTime };

/** Who claims already what a wish overlaps, its own earlier claim apart. */
export const holdersInTheWay = (claims: readonly DayClaims[], { claim, holder, time }: ClaimWish): string[] =>
  claims
    .filter((day) => day.claim === claim)
    .flatMap((day) => Object.entries(day.claims))
    .flatMap(([other, taken]) => (other !== holder && overlaps(taken, time) ? [other] : []));

export const isClaimed = (claims: readonly DayClaims[], wish: ClaimWish): boolean =>
  holdersInTheWay(claims, wish).length > 0;

/** The order of a holder `<orderId>-<itemId>`. */
export const orderOfHolder = (holder: string): OrderId | undefined =>
  orderIdSchema.safeParse(holder.slice(0, 26)).data;

/** What the workflow's Reserve finds, by the order's state. */
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

import type { Availability } from '../inventory/model.ts';
import { mayFitSoon, seatsLeft } from '../inventory/rules.ts';
import type { Replay } from '../bookings/replay.ts';
import { decideBudgets, isReached, type BudgetRefusal, type UserCounts } from '../orders/budgets.ts';
import { holdersInTheWay, orderOfHolder, type ClaimWish, type DayClaims } from '../orders/rules.ts';
import type { Carrier } from '../platform/carrier.ts';
import type { OrderId, ServiceDate } from '../platform/ids.ts';
import type { Instant } from '../platform/time.ts';
import { accepted, rejected, type Outcome, type Rejected } from '../platform/outcome.ts';
import type { Run, Stretch } from '../timetable/model.ts';
import type { OrderRequest } from './draft-order.ts';
import { decideNoSeats, type ReplayRefusal, type SeatRefusal } from './rules.ts';

/** Everything that was read before anything is written. */
export type ReadBefore<Offer, Refusal extends string> = {
  replay: Replay;
  offer: Outcome<Offer, Refusal>;
  view: Availability | undefined;
  counts: UserCounts;
  today: ServiceDate;
  now: Instant;
};

/** What a request that was seen before is answered with; undefined for one that was not. */
export const replayed = (replay: Replay): Outcome<{ answer: string }, ReplayRefusal> | undefined => {
  switch (replay.outcome) {
    case 'same':
      return accepted({ answer: replay.answer });
    case 'reused':
      return rejected('key-reused');
    case 'in-progress':
      return rejected('request-in-progress');
    default:
      return undefined;
  }
};

/** Whether a request may go on to take seats, as far as can be told by reading; the commit has the last word. */
export const decideOrder = <Offer extends { run: Run; stretch: Stretch }, Refusal extends string>(
  { replay, offer, view, counts, today, now }: ReadBefore<Offer, Refusal>,
  { class: cls, passengers }: OrderRequest,
  carrier: Carrier,
):
  | { outcome: 'known'; as: NonNullable<ReturnType<typeof replayed>> }
  | Outcome<Offer, Refusal | SeatRefusal | BudgetRefusal | 'passenger-unavailable'> => {
  const known = replayed(replay);
  if (known) return { outcome: 'known', as: known };
  if (offer.outcome === 'rejected') return offer;
  const { run, stretch } = offer;
  const party = passengers.length;
  // The view is asked first, so that a crowd before a full run costs one read each; it may refuse, and never sells.
  if (seatsLeft(view, run.layout, cls, run.stops.length, stretch) < party)
    return decideNoSeats({ mayComeFree: mayFitSoon(view, { class: cls, stretch, party }, now) });
  const wish = { runId: run.runId, seats: party, today };
  const over = decideBudgets(counts, wish, carrier);
  if (over) return rejected(over);
  // Whoever has been told so often when others travel is told nothing more: the same, whether they do or not.
  const isToldEnough = isReached(carrier.timeConflictsPerDayMax, counts.asked.get(today)?.size ?? 0);
  if (isToldEnough && passengers.some(({ document }) => document)) return rejected('passenger-unavailable');
  return offer;
};

/** One document for two passengers: nobody sits on two seats. */
export const isTwice = (wishes: readonly ClaimWish[]): boolean =>
  new Set(wishes.map(({ claim }) => claim)).size < wishes.length;

/** A refusal that tells when somebody travels: what was asked, and by whose orders. It is counted before it is told. */
export type TimeConflict = Rejected<'passenger-time-conflict'> & {
  asked: readonly ClaimWish[];
  inTheWay: OrderId[];
};

export type Refused<Reason extends string> =
  Rejected<Exclude<Reason, 'passenger-time-conflict'>> | TimeConflict;

/** Whether the passengers are free to travel then, as their days were read. */
export const decidePassengers = (
  wishes: readonly ClaimWish[],
  claims: readonly DayClaims[],
): TimeConflict | undefined => {
  const holders = wishes.flatMap((wish) => holdersInTheWay(claims, wish));
  if (holders.length === 0) return undefined;
  const inTheWay = [...new Set(holders.flatMap((holder) => orderOfHolder(holder) ?? []))];
  return { ...rejected('passenger-time-conflict'), asked: wishes, inTheWay };
};

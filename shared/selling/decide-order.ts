import type { Availability } from '../inventory/model.ts';
import type { Replay } from '../bookings/replay.ts';
import {
  decideBudgets,
  isReached,
  type BudgetRefusal,
  type BudgetWish,
  type UserCounts,
} from '../orders/budgets.ts';
import { holdersInTheWay, orderOfHolder, type ClaimWish, type DayClaims } from '../orders/rules.ts';
import type { Carrier } from '../platform/carrier.ts';
import type { OrderId, RunId, ServiceDate } from '../platform/ids.ts';
import type { Instant } from '../platform/time.ts';
import { accepted, rejected, type Accepted, type Outcome, type Rejected } from '../platform/outcome.ts';
import type { Run, Stretch } from '../timetable/model.ts';
import { peopleIn } from './decide-party.ts';
import type { OrderRequest } from './draft-order.ts';
import { decideFit, waysOf } from './ways-to-sit.ts';
import { decideNoSeats, type ReplayRefusal, type SeatRefusal } from './rules.ts';

/** Everything read before the first write. */
export type ReadBefore<Offer, Refusal extends string> = {
  replay: Replay;
  offer: Outcome<Offer, Refusal>;
  view: Availability | undefined;
  counts: UserCounts;
  today: ServiceDate;
  now: Instant;
};

/** The answer to a repeated request; undefined for a new one. */
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

/** Whether a request may go on to take seats, as far as reads can show; the commit makes the final decision. */
export const decideOrder = <
  Offer extends { run: Run; stretch: Stretch; changeAt?: number },
  Refusal extends string,
>(
  { replay, offer, view, counts, today, now }: ReadBefore<Offer, Refusal>,
  request: OrderRequest,
  carrier: Carrier,
):
  | { outcome: 'answered'; as: NonNullable<ReturnType<typeof replayed>> }
  | Outcome<Offer, Refusal | SeatRefusal | BudgetRefusal | 'passenger-unavailable'> => {
  const { class: cls, passengers } = request;
  const earlier = replayed(replay);
  if (earlier) return { outcome: 'answered', as: earlier };
  if (offer.outcome === 'rejected') return offer;
  const { run } = offer;
  const party = passengers.length;
  // Checks the view first, so that a crowd before a full run costs one read each; the view may refuse, but it never
  // sells.
  const fit = decideFit({ run, class: cls, party, view }, waysOf(offer), now);
  if (fit !== 'fits') return decideNoSeats({ mayComeFree: fit === 'perhaps' });
  const within = decideBudgets(counts, budgetWishOf(request, run.runId, today), carrier);
  if (within.outcome === 'rejected') return within;
  // A user who has reached the limit learns nothing more: the answer is the same whether or not somebody travels.
  const hasReachedLimit = isReached(carrier.timeConflictsPerDayMax, counts.asked.get(today)?.size ?? 0);
  if (hasReachedLimit && peopleIn({ passengers }).some(({ document }) => document))
    return rejected('passenger-unavailable');
  return offer;
};

/** What a request needs from its user's budgets: seats on the same run that it replaces do not count twice. */
export const budgetWishOf = (
  { passengers, instead }: Pick<OrderRequest, 'passengers' | 'instead'>,
  runId: RunId,
  today: ServiceDate,
): BudgetWish => ({
  runId,
  seats: passengers.length,
  today,
  ...(instead?.runId === runId && { instead: instead.itemIds.length }),
});

/** Whether one document serves two passengers: nobody sits on two seats. */
export const isTwice = (wishes: readonly ClaimWish[]): boolean =>
  new Set(wishes.map(({ claim }) => claim)).size < wishes.length;

/**
 * A refusal that reveals when somebody travels: the question, and the orders in the way. It is counted before the user
 * hears it.
 */
export type TimeConflict = Rejected<'passenger-time-conflict'> & {
  asked: readonly ClaimWish[];
  inTheWay: OrderId[];
};

export type Refused<Reason extends string> =
  Rejected<Exclude<Reason, 'passenger-time-conflict'>> | TimeConflict;

/** Whether the passengers are free at that time, by the claims read for their days. */
export const decidePassengers = (
  wishes: readonly ClaimWish[],
  claims: readonly DayClaims[],
): Accepted<object> | TimeConflict => {
  const holders = wishes.flatMap((wish) => holdersInTheWay(claims, wish));
  if (holders.length === 0) return accepted({});
  const inTheWay = [...new Set(holders.flatMap((holder) => orderOfHolder(holder) ?? []))];
  return { ...rejected('passenger-time-conflict'), asked: wishes, inTheWay };
};

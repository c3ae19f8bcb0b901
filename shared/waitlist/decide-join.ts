import type { Wish } from '../entries/model.ts';
import { gapsOf, type ShardState } from '../inventory/pieces.ts';
import type { UserCounts } from '../orders/budgets.ts';
import { isReached } from '../orders/budgets.ts';
import { overlaps, type TravelTime } from '../orders/rules.ts';
import type { WaitlistRules } from '../platform/after-sale/waitlist-rules.ts';
import type { Carrier } from '../platform/carrier.ts';
import type { Class, OrderId, RunId, StopId } from '../platform/ids.ts';
import { sumMoney, type Money } from '../platform/money.ts';
import { accepted, rejected, type Outcome, type Rejected } from '../platform/outcome.ts';
import {
  beforeBy,
  earlier,
  inZone,
  later,
  plusSeconds,
  usualSecondsOf,
  type Instant,
} from '../platform/time.ts';
import type { Offer } from '../selling/decide-offer.ts';
import { boardingDay } from '../timetable/rules.ts';
import type { OrderRequest } from '../selling/draft-order.ts';
import { fareOfPassenger } from '../selling/fare-of-passenger.ts';
import type { JoinRefusal, WishRefusal } from './rules.ts';

/** A journey that passengers ask to wait for. */
export type WishAsked = { runId: RunId; from: StopId; to: StopId; class: Class };

/** How long before a departure waiting ends: what the passenger chose, within the carrier's limits. */
export const decideCutOff = (
  { cutOffMin, cutOffMax, cutOffUsual }: WaitlistRules,
  chosen: string | undefined,
): Outcome<{ cutOff: string }, 'cut-off-not-allowed'> => {
  if (chosen === undefined) return accepted({ cutOff: cutOffUsual });
  const seconds = usualSecondsOf(chosen);
  return seconds < usualSecondsOf(cutOffMin) || seconds > usualSecondsOf(cutOffMax)
    ? rejected('cut-off-not-allowed')
    : accepted({ cutOff: chosen });
};

/** A refusal because of one wish, by index. */
export type WishRejected = Rejected<WishRefusal> & { wish: number };

/** The free seats of a class between two stops, for anybody, by its shards as they are now. */
const seatsFree = (
  shards: readonly ShardState[],
  { stretch }: Pick<Offer, 'stretch'>,
  now: Instant,
): number =>
  shards
    .filter(({ closed }) => closed === undefined)
    .flatMap((shard) => gapsOf(shard, { now, isWaitlist: false }))
    .filter(({ from, to }) => from <= stretch.from && to >= stretch.to).length;

/** A journey that was found on sale, with the shards of its class, absent ones as untouched. */
export type FoundWish = { asked: WishAsked; offer: Offer; shards: readonly ShardState[] };

type Party = Pick<OrderRequest, 'passengers'> & { cutOff: string };

/**
 * Whether a party may wait for a journey: it is sold out, by the shards and not by a view; its class has enough seats at all;
 * and there is time to pay before waiting ends.
 */
export const decideWish = (
  { asked, offer, shards }: FoundWish,
  { passengers, cutOff }: Party,
  carrier: Pick<Carrier, 'passengerTypes' | 'paymentNeedsSeconds'>,
  now: Instant,
): Outcome<{ wish: Wish }, 'not-sold-out' | 'party-too-large' | 'waitlist-closed'> => {
  const { run, stretch, adultFare } = offer;
  const [from, to] = [run.stops[stretch.from], run.stops[stretch.to]];
  if (!from || !to) throw new RangeError('a stretch beyond the stops of its run');
  const cutOffAt = beforeBy(from.departs, cutOff, from.timeZone);
  if (plusSeconds(now, carrier.paymentNeedsSeconds) >= cutOffAt) return rejected('waitlist-closed');
  const seats = shards.flatMap(({ pieces }) => [
    ...new Set([...pieces.values()].map(({ seat }) => seat)),
  ]).length;
  if (seats < passengers.length) return rejected('party-too-large');
  if (seatsFree(shards, offer, now) >= passengers.length) return rejected('not-sold-out');
  const ride = { class: asked.class, day: boardingDay(run, stretch) };
  const fares = passengers.map((each) => fareOfPassenger(each, ride, adultFare, carrier));
  const named = ({ stopId, name, names }: typeof from) => ({ stopId, name, ...(names && { names }) });
  return accepted({
    wish: {
      runId: run.runId,
      trip: run.trip,
      ...(run.tripNames && { tripNames: run.tripNames }),
      from: { ...named(from), departs: inZone(from.departs, from.timeZone) },
      to: { ...named(to), arrives: inZone(to.arrives, to.timeZone) },
      departsAt: from.departs,
      arrivesAt: to.arrives,
      class: asked.class,
      fares,
      amount: sumMoney(fares, adultFare.currency),
      cutOffAt,
    },
  });
};

/** The amount of an entry: that of its dearest wish. */
export const dearestOf = (wishes: readonly Wish[]): Money => {
  const [first, ...others] = wishes.map(({ amount }) => amount);
  if (!first) throw new Error('an entry has a wish');
  return others.reduce((dearest, amount) => (amount.amount > dearest.amount ? amount : dearest), first);
};

/** Until when an entry must be paid: like an order, and not beyond the end of waiting. */
export const payUntil = (
  wishes: readonly Wish[],
  { holdSeconds }: Pick<Carrier, 'holdSeconds'>,
  now: Instant,
): Instant => earlier(plusSeconds(now, holdSeconds), wishes.map(({ cutOffAt }) => cutOffAt).reduce(later));

/** The index of a wish that is the same as an earlier one. */
export const repeatedWish = (wishes: readonly WishAsked[]): number => {
  const names = wishes.map(({ runId, from, to, class: cls }) => JSON.stringify([runId, from, to, cls]));
  return names.findIndex((name, index) => names.indexOf(name) < index);
};

/** Whether the user may have one more open entry, with so many seats on each of its runs. */
export const decideEntryBudget = (
  counts: UserCounts,
  { entriesMax, seatsPerRunMax }: Pick<WaitlistRules, 'entriesMax'> & Pick<Carrier, 'seatsPerRunMax'>,
  { wishes, party }: { wishes: readonly WishAsked[]; party: number },
): Outcome<object, 'too-many-entries' | 'too-many-seats'> => {
  if (counts.openEntries >= entriesMax) return rejected('too-many-entries');
  const isTooMany = ({ runId }: WishAsked): boolean =>
    isReached(seatsPerRunMax, (counts.seats.get(runId) ?? 0) + party - 1);
  return wishes.some(isTooMany) ? rejected('too-many-seats') : accepted({});
};

export const timesOf = (wishes: readonly Wish[]): TravelTime[] =>
  wishes.map(({ departsAt, arrivesAt }) => ({ from: departsAt, to: arrivesAt }));

/** Another entry of the waitlist that a passenger is in, and when it would travel. */
export type OtherEntry = { entryId: OrderId; ownerId: string; times: readonly TravelTime[] };

/** The open entries with one of the passengers whose wishes overlap these. */
export const entriesInTheWay = (wishes: readonly Wish[], others: readonly OtherEntry[]): OtherEntry[] =>
  others.filter(({ times }) =>
    times.some((time) => timesOf(wishes).some((wished) => overlaps(time, wished))),
  );

export type JoinRejected = WishRejected | Rejected<Exclude<JoinRefusal, WishRefusal>>;

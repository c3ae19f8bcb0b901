import { any } from '../fares/model.ts';
import type { StopId, TripId } from '../platform/ids.ts';
import type { FareSheet } from './fare-sheet.ts';
import type { FeedTrip } from './join-trips.ts';

/** Finds the adult fare of a ride on a trip, from one of its calls to a later one, in minor units. */
export type RidePricer = {
  fareOf: (trip: FeedTrip, from: number, to: number) => number | undefined;
  /** Whether the fare depends on the duration of the ride. */
  dependsOnTime: boolean;
};

/** Trips that have the same fares, and the first of them. */
type Pattern = { trip: FeedTrip; tripIds: Set<TripId> };
type PairFares = { from: StopId; to: StopId; byAmount: Map<number | undefined, Set<TripId>[]> };

/**
 * Writes the fares of all rides. If all trips of a pair have the same fare, as they usually do, it writes one fare for
 * any trip. It does not replace fares in the sheet. Returns the number of pairs of stops that have a fare.
 */
export const priceRides = (trips: readonly FeedTrip[], pricer: RidePricer, sheet: FareSheet): number => {
  const pairs = new Map<string, PairFares>();
  for (const { trip, tripIds } of patternsOf(trips, pricer.dependsOnTime)) {
    for (const [key, { from, to, amount }] of pairsOfTrip(trip, pricer)) {
      const pair = pairs.get(key) ?? { from, to, byAmount: new Map() };
      pairs.set(key, pair);
      const ofAmount = pair.byAmount.get(amount);
      if (ofAmount) ofAmount.push(tripIds);
      else pair.byAmount.set(amount, [tripIds]);
    }
  }
  let priced = 0;
  for (const { from, to, byAmount } of pairs.values()) {
    for (const [amount, patterns] of byAmount) {
      if (amount === undefined) continue;
      const ids = byAmount.size === 1 ? [any] : patterns.flatMap((tripIds) => [...tripIds]);
      for (const trip of ids as (TripId | typeof any)[]) sheet.set({ from, to, trip, cls: any, amount });
    }
    priced += Number([...byAmount.keys()].some((amount) => amount !== undefined));
  }
  return priced;
};

const patternsOf = (trips: readonly FeedTrip[], withTimes: boolean): Iterable<Pattern> => {
  const patterns = new Map<string, Pattern>();
  for (const trip of trips) {
    const { routeId, feedStops, hasGaps, calls } = trip;
    const start = calls[0]?.departs ?? 0;
    const flags = calls.map(({ boarding, alighting, arrives, departs }) => [
      boarding,
      alighting,
      ...(withTimes ? [arrives - start, departs - start] : []),
    ]);
    const key = JSON.stringify([routeId, hasGaps, feedStops, flags]);
    const pattern = patterns.get(key);
    if (pattern) pattern.tripIds.add(trip.tripId);
    else patterns.set(key, { trip, tripIds: new Set([trip.tripId]) });
  }
  return patterns.values();
};

type PairFare = { from: StopId; to: StopId; amount: number | undefined };

/**
 * A trip that calls twice at a stop has two rides between a pair of stops: if their fares differ, the pair has no fare.
 */
const pairsOfTrip = (trip: FeedTrip, { fareOf }: RidePricer): Map<string, PairFare> => {
  const pairs = new Map<string, PairFare>();
  for (const [i, from] of trip.calls.entries()) {
    if (!from.boarding) continue;
    for (let j = i + 1; j < trip.calls.length; j += 1) {
      const to = trip.calls[j];
      if (!to?.alighting || from.stopId === to.stopId) continue;
      const key = `${from.stopId}\n${to.stopId}`;
      const [amount, other] = [fareOf(trip, i, j), pairs.get(key)];
      if (!other) pairs.set(key, { from: from.stopId, to: to.stopId, amount });
      else if (other.amount !== amount) other.amount = undefined;
    }
  }
  return pairs;
};

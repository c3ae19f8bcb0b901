import type { Class, ServiceDate, StopId } from '../platform/ids.ts';
import { localDateOf, plusDays, plusSeconds, type Instant } from '../platform/time.ts';
import type { Stop, StopCall } from '../timetable/model.ts';
import { readCalls, readWays, type Stops } from '../timetable/version-store.ts';
import { rideFor, type ChosenRide } from './alternatives.ts';
import { chooseVias, type Via } from './choose-vias.ts';
import { findDepartures } from './find-departures.ts';
import { findOffers, type World } from './find-offers.ts';
import type { Ride, RideOffer } from './model.ts';
import { bestByTime, pairDepartures, waitSecondsMax, withoutWorse, type Pair } from './pair-departures.ts';

/** The number of connections of which a search reads the seats, two runs each. */
export const pairsMax = 12;
/** The number of rides on that it considers for each first ride. */
const onwardsMax = 3;

export type ConnectionWish = {
  from: Stop;
  to: Stop;
  date: ServiceDate;
  /** The calls at both stops. */
  callsFrom: readonly StopCall[];
  callsTo: readonly StopCall[];
  /** A connection leaves no earlier; without it, at any time of the date. */
  notBefore: Instant | undefined;
  passengers: number;
  /** The classes that the passenger prefers. */
  classes: readonly Class[];
  /** The direct rides: a connection that a ride with seats is as good as helps nobody. */
  direct: readonly RideOffer[];
};

export type Connection = { rides: [ChosenRide, ChosenRide]; departs: Instant; arrives: Instant };

/**
 * Connections with one change, the earliest to arrive first. Besides what the search has read, it takes at most: the ways
 * of both stops and the calls of `viasMax` others, unless the process remembers them; two fares for each of these stops;
 * and a batch read of the views of twice `pairsMax` runs, and of the runs without a current view.
 */
export const findConnections = async (
  world: World & { stops: Stops },
  wish: ConnectionWish,
): Promise<Connection[]> => {
  const { timetable, version, carrier, stops } = world;
  const { from, to, passengers, classes } = wish;
  const [waysFrom, waysTo] = await Promise.all([
    readWays(timetable, version, from.stopId),
    readWays(timetable, version, to.stopId),
  ]);
  const transferSecondsMin = carrier.alternatives?.transferSecondsMin;
  const vias = chooseVias({ from, to, waysFrom, waysTo, stops: stops.byId, transferSecondsMin });
  const pairs = await Promise.all(
    vias.map(async (via) => {
      const calls = await readCalls(timetable, version, via.stop.stopId);
      return pairsOver(world, wish, via, calls);
    }),
  );
  const best = bestByTime(pairs.flat(), pairsMax);
  const { offers } = await findOffers(
    world,
    best.flatMap(({ first, second }) => [first, second]),
  );
  const offerOf = finderOf(offers);
  const direct = wish.direct.filter((offer) => rideFor(offer, passengers, []));
  const found = best.flatMap(({ first, second }): Connection[] => {
    const [a, b] = [offerOf(first), offerOf(second)];
    const rides = [a && rideFor(a, passengers, classes), b && rideFor(b, passengers, classes)] as const;
    if (!a || !b || !rides[0] || !rides[1]) return [];
    // Orders may have frozen one of the runs with other times than the timetable has now.
    if (b.departs < plusSeconds(a.arrives, transferSecondsAt(vias, a.to.stopId))) return [];
    return [{ rides: [rides[0], rides[1]], departs: a.departs, arrives: b.arrives }];
  });
  return withoutWorse(bestByTime(found, found.length), direct);
};

type TimedPair = Pair<Ride> & { departs: Instant; arrives: Instant };

const pairsOver = (world: World, wish: ConnectionWish, via: Via, calls: readonly StopCall[]): TimedPair[] => {
  const { from, to, date, notBefore } = wish;
  const { stop, transferSeconds } = via;
  const there = findDepartures({ ...world, from, date, callsFrom: wish.callsFrom, callsTo: calls }).filter(
    ({ departs }) => notBefore === undefined || departs >= notBefore,
  );
  const arrivals = there.map(({ arrives }) => arrives).toSorted();
  const [first, last] = [arrivals[0], arrivals.at(-1)];
  if (!first || !last) return [];
  const onwards = datesBetween(stop, first, plusSeconds(last, waitSecondsMax)).flatMap((day) =>
    findDepartures({ ...world, from: stop, date: day, callsFrom: calls, callsTo: wish.callsTo }),
  );
  return pairDepartures<Ride>(
    there.map((departure) => ({ from, to: stop, departure })),
    onwards.map((departure) => ({ from: stop, to, departure })),
    { transferSeconds, perRide: onwardsMax },
  ).map((pair) => ({
    ...pair,
    departs: pair.first.departure.departs,
    arrives: pair.second.departure.arrives,
  }));
};

/** The local dates of a stop from one instant to another. */
const datesBetween = ({ timeZone }: Stop, from: Instant, until: Instant): ServiceDate[] => {
  const dates: ServiceDate[] = [];
  const last = localDateOf(until, timeZone);
  for (let date = localDateOf(from, timeZone); date <= last; date = plusDays(date, 1)) dates.push(date);
  return dates;
};

const finderOf = (offers: readonly RideOffer[]) => {
  const keyOf = (runId: string, from: StopId, to: StopId): string => JSON.stringify([runId, from, to]);
  const byKey = new Map(offers.map((each) => [keyOf(each.runId, each.from.stopId, each.to.stopId), each]));
  return ({ from, to, departure }: Ride): RideOffer | undefined =>
    byKey.get(keyOf(departure.runId, from.stopId, to.stopId));
};

const transferSecondsAt = (vias: readonly Via[], stopId: StopId): number =>
  vias.find(({ stop }) => stop.stopId === stopId)?.transferSeconds ?? 0;

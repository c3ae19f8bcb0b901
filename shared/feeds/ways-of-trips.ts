import type { StopId } from '../platform/ids.ts';
import type { ServiceDays, TripCall, Way } from '../timetable/model.ts';

type Called = { calls: readonly TripCall[]; days: ServiceDays };

/**
 * For each stop, the stops with a ride from there or to there, and the number of rides on all days together. Trips of one
 * line have the same stops, so their pairs are counted once.
 */
export const waysOfTrips = (trips: readonly Called[]): ReadonlyMap<StopId, Way[]> => {
  const ways = new Map<StopId, Map<StopId, Way>>();
  const wayBetween = (stopId: StopId, other: StopId): Way => {
    const ofStop = ways.get(stopId) ?? new Map<StopId, Way>();
    ways.set(stopId, ofStop);
    const way = ofStop.get(other) ?? { stopId: other, there: 0, back: 0 };
    ofStop.set(other, way);
    return way;
  };
  for (const { calls, rides } of linesOf(trips)) {
    for (const [from, to] of pairsOf(calls)) {
      wayBetween(from, to).there += rides;
      wayBetween(to, from).back += rides;
    }
  }
  return new Map([...ways].map(([stopId, ofStop]) => [stopId, [...ofStop.values()]]));
};

const linesOf = (trips: readonly Called[]): { calls: readonly TripCall[]; rides: number }[] => {
  const lines = new Map<string, { calls: readonly TripCall[]; rides: number }>();
  const daysRun = new Map<ServiceDays, number>();
  for (const { calls, days } of trips) {
    const pattern = JSON.stringify(
      calls.map(({ stopId, boarding, alighting }) => [stopId, boarding, alighting]),
    );
    const line = lines.get(pattern) ?? { calls, rides: 0 };
    lines.set(pattern, line);
    const count = daysRun.get(days) ?? countDays(days);
    daysRun.set(days, count);
    line.rides += count;
  }
  return [...lines.values()];
};

/** Each pair of stops between which a line takes passengers, once, however often it calls at them. */
const pairsOf = (calls: readonly TripCall[]): [StopId, StopId][] => {
  const pairs = new Map<StopId, Set<StopId>>();
  for (const [at, from] of calls.entries()) {
    if (!from.boarding) continue;
    const to = pairs.get(from.stopId) ?? new Set<StopId>();
    pairs.set(from.stopId, to);
    for (const call of calls.slice(at + 1))
      if (call.alighting && call.stopId !== from.stopId) to.add(call.stopId);
  }
  return [...pairs].flatMap(([from, to]) => [...to].map((each): [StopId, StopId] => [from, each]));
};

const countDays = (days: ServiceDays): number => {
  let count = 0;
  for (const byte of days) for (let bits = byte; bits > 0; bits >>= 1) count += bits & 1;
  return count;
};

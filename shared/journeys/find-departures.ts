import type { RunId, ServiceDate, TripId } from '../platform/ids.ts';
import {
  daysBetween,
  instantOf,
  millisecondsOf,
  plusDays,
  startOfDay,
  type Instant,
} from '../platform/time.ts';
import type { Label, Names } from '../platform/languages.ts';
import type { Sales, Stop, StopCall, Stretch, Version } from '../timetable/model.ts';
import { runIdOf } from '../timetable/run-id.ts';
import { saleOn } from '../timetable/sale-rules.ts';
import {
  runsOnDay,
  saleStateOf,
  shortestStretch,
  startOfServiceDay,
  type SaleEnd,
} from '../timetable/rules.ts';

/** A run between the two stops of a search. */
export type Departure = {
  runId: RunId;
  tripId: TripId;
  trip: string;
  tripNames: Names | undefined;
  headsign: Label | undefined;
  departs: Instant;
  arrives: Instant;
  layoutId: string;
  stopCount: number;
  stretch: Stretch;
  /** The length of the stretch, if known. */
  metres: number | undefined;
};

type Input = {
  version: Version;
  from: Stop;
  date: ServiceDate;
  callsFrom: readonly StopCall[];
  callsTo: readonly StopCall[];
  sales: Sales | undefined;
  carrier: SaleEnd;
  now: Instant;
};

/**
 * The runs on sale that call at both stops in the right order and leave the first on a local date. The service date of
 * a trip may be another date: times pass 24:00, and stops may lie in other zones than the agency. It looks up the
 * zone's rules once per service date, not once per call.
 */
export const findDepartures = (input: Input): Departure[] => {
  const { version, from, date, callsFrom, callsTo } = input;
  const pairs = pairsOf(callsFrom, callsTo);
  const latest = pairs.reduce((most, { boarding }) => Math.max(most, boarding.departs), 0);
  const daysBack = Math.ceil(latest / 86_400) + 1;
  // Nothing leaves so far from the timetable, and there are no dates to calculate with near the years 0 and 9999.
  if (date < plusDays(version.firstDate, -1) || date > plusDays(version.lastDate, daysBack)) return [];
  const [begins, ends] = [date, plusDays(date, 1)].map((day) =>
    millisecondsOf(startOfDay(day, from.timeZone)),
  );
  const stateOf = saleOn(input.sales, date);
  const departures: Departure[] = [];
  for (let back = -1; back <= daysBack; back += 1) {
    const serviceDate = plusDays(date, -back);
    const day = daysBetween(version.firstDate, serviceDate);
    const start = startOfServiceDay(serviceDate, version.timeZone);
    for (const pair of pairs) {
      const departs = start + pair.boarding.departs * 1000;
      if (departs < (begins ?? 0) || departs >= (ends ?? 0) || !runsOnDay(pair.boarding.days, day)) continue;
      const at = instantOf(departs);
      const { tripId, name, routeId } = pair.boarding;
      const open = stateOf({ tripId, trip: name, routeId });
      if (saleStateOf(open, at, input.carrier, input.now) !== 'on-sale') continue;
      departures.push(departureOf(pair, serviceDate, at, instantOf(start + pair.alighting.arrives * 1000)));
    }
  }
  return departures;
};

type Pair = { boarding: StopCall; alighting: StopCall };

const departureOf = (
  { boarding, alighting }: Pair,
  serviceDate: ServiceDate,
  departs: Instant,
  arrives: Instant,
): Departure => {
  const hasDistance = boarding.metres !== undefined && alighting.metres !== undefined;
  return {
    runId: runIdOf(boarding.tripId, serviceDate, boarding.startTime),
    tripId: boarding.tripId,
    trip: boarding.name,
    tripNames: boarding.names,
    headsign: boarding.headsign,
    departs,
    arrives,
    layoutId: boarding.layoutId,
    stopCount: boarding.stopCount,
    stretch: { from: boarding.index, to: alighting.index },
    metres: hasDistance ? (alighting.metres ?? 0) - (boarding.metres ?? 0) : undefined,
  };
};

const groups = new WeakMap<readonly StopCall[], Map<string, StopCall[]>>();

/** A stop's calls by trip. It works them out once for a list that the process remembers. */
const byTrip = (calls: readonly StopCall[]): Map<string, StopCall[]> => {
  const remembered = groups.get(calls);
  if (remembered) return remembered;
  const grouped = Map.groupBy(calls, ({ tripId, startTime }) => `${startTime ?? ''}~${tripId}`);
  groups.set(calls, grouped);
  return grouped;
};

/** For each trip that calls at both stops, where passengers board and alight. */
const pairsOf = (callsFrom: readonly StopCall[], callsTo: readonly StopCall[]): Pair[] => {
  const to = byTrip(callsTo);
  return [...byTrip(callsFrom)].flatMap(([trip, boardings]) => {
    const alightings = to.get(trip);
    if (!alightings) return [];
    const found = shortestStretch(boardings, alightings);
    if (found.outcome === 'rejected') return [];
    const boarding = boardings.find(({ index }) => index === found.stretch.from);
    const alighting = alightings.find(({ index }) => index === found.stretch.to);
    return boarding && alighting ? [{ boarding, alighting }] : [];
  });
};

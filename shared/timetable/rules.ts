import type { Carrier } from '../platform/carrier.ts';
import type { ServiceDate, StopId } from '../platform/ids.ts';
import { nameIn, type Label, type Languages, type Names } from '../platform/languages.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import {
  daysBetween,
  instantOf,
  instantOfServiceTime,
  localDateOf,
  millisecondsOf,
  plusSeconds,
} from '../platform/time.ts';
import type { Instant } from '../platform/time.ts';
import type { Layout, Run, RunStop, Sales, ServiceDays, Stop, Stretch, Trip, Version } from './model.ts';
import { runIdOf } from './run-id.ts';
import { saleOn, type DateState, type Sold } from './sale-rules.ts';

/** Whether the trip runs on the `day`th day of the version. */
export const runsOnDay = (days: ServiceDays, day: number): boolean =>
  day >= 0 && (((days[day >> 3] ?? 0) >> (day & 7)) & 1) === 1;

export const runsOn = (days: ServiceDays, version: Version, date: ServiceDate): boolean =>
  runsOnDay(days, daysBetween(version.firstDate, date));

/** The instant from which a service day's seconds count: midnight, except on days when clocks change. */
export const startOfServiceDay = (date: ServiceDate, timeZone: string): number =>
  millisecondsOf(instantOfServiceTime(date, 0, timeZone));

/**
 * A trip on one of its days, with every time as an instant. The caller has checked that the trip runs that day. Throws
 * if the version lacks the trip's layout or a stop.
 */
export const runOf = (input: {
  trip: Trip;
  serviceDate: ServiceDate;
  version: Version;
  layouts: ReadonlyMap<string, Layout>;
  stops: ReadonlyMap<StopId, Stop>;
}): Run => {
  const { trip, serviceDate, version } = input;
  const layout = input.layouts.get(trip.layoutId);
  if (!layout) throw new Error(`version ${version.version} lacks the layout ${trip.layoutId}`);
  const start = startOfServiceDay(serviceDate, version.timeZone);
  const stops = trip.calls.map((call): RunStop => {
    const stop = input.stops.get(call.stopId);
    if (!stop) throw new Error(`version ${version.version} lacks the stop ${call.stopId}`);
    const { name, names, timeZone } = stop;
    return {
      stopId: call.stopId,
      name,
      ...(names && { names }),
      ...(call.headsign && { headsign: call.headsign }),
      timeZone,
      arrives: instantOf(start + call.arrives * 1000),
      departs: instantOf(start + call.departs * 1000),
      boarding: call.boarding,
      alighting: call.alighting,
      ...(call.metres !== undefined && { km: call.metres / 1000 }),
    };
  });
  return {
    runId: runIdOf(trip.tripId, serviceDate, trip.startTime),
    tripId: trip.tripId,
    trip: trip.name,
    ...(trip.names && { tripNames: trip.names }),
    ...(trip.headsign && { headsign: trip.headsign }),
    ...(trip.routeId !== undefined && { routeId: trip.routeId }),
    serviceDate,
    version: version.version,
    stops,
    layout,
    state: 'open',
    generation: 1,
    changes: 0,
  };
};

/**
 * The version whose fares apply to a run. Fares belong to the order, not to the run, so a frozen run costs what the
 * version in force says.
 */
export const faresVersionOf = ({ version }: Pick<Run, 'version'>, inForce: Version | undefined): string =>
  inForce && version < inForce.version ? inForce.version : version;

/** The part of a call that matters for choosing a stretch. */
type PlaceInRun = { index: number; boarding: boolean; alighting: boolean };

export type StretchRefusal = 'unknown-stop' | 'wrong-order' | 'no-boarding' | 'no-alighting';

/**
 * The stretch between the calls of two stops. If a trip calls twice at one of them, this chooses the shortest pair, and
 * the earliest among equals. If no pair can be sold, the reason is that of the pairs in the right order.
 */
export const shortestStretch = (
  boardingCalls: readonly PlaceInRun[],
  alightingCalls: readonly PlaceInRun[],
): Outcome<{ stretch: Stretch }, StretchRefusal> => {
  if (boardingCalls.length === 0 || alightingCalls.length === 0) return rejected('unknown-stop');
  const pairs = boardingCalls
    .flatMap((from) => alightingCalls.map((to) => ({ from, to })))
    .filter(({ from, to }) => from.index < to.index)
    .sort((a, b) => a.to.index - a.from.index - (b.to.index - b.from.index) || a.from.index - b.from.index);
  if (pairs.length === 0) return rejected('wrong-order');
  const boardable = pairs.filter(({ from }) => from.boarding);
  if (boardable.length === 0) return rejected('no-boarding');
  const chosen = boardable.find(({ to }) => to.alighting);
  if (!chosen) return rejected('no-alighting');
  return accepted({ stretch: { from: chosen.from.index, to: chosen.to.index } });
};

/** The stretch of a run between two stops; `fromIndex` and `toIndex` choose among several calls at the same stop. */
export const findStretch = (
  run: Pick<Run, 'stops'>,
  fromStopId: StopId,
  toStopId: StopId,
  chosen: { fromIndex?: number | undefined; toIndex?: number | undefined } = {},
): Outcome<{ stretch: Stretch }, StretchRefusal> => {
  const callsAt = (stopId: StopId, wanted: number | undefined): PlaceInRun[] =>
    run.stops
      .map((stop, index) => ({ ...stop, index }))
      .filter((stop) => stop.stopId === stopId && (wanted === undefined || stop.index === wanted));
  return shortestStretch(callsAt(fromStopId, chosen.fromIndex), callsAt(toStopId, chosen.toIndex));
};

export type SaleState = 'on-sale' | 'not-open-yet' | 'closed' | 'departed';

/** The carrier's settings that end the sale of a departure. */
export type SaleEnd = Pick<Carrier, 'saleClosesSeconds' | 'holdSecondsMin'>;

/**
 * Whether a departure is on sale at `now`, if its date is open. Holds end when the sale ends, so the sale of a departure
 * ends while there is still time to pay.
 */
export const saleStateOf = (date: DateState, departs: Instant, carrier: SaleEnd, now: Instant): SaleState => {
  if (departs <= now) return 'departed';
  if (date !== 'open') return date;
  const lastOrder = plusSeconds(departs, -carrier.saleClosesSeconds - carrier.holdSecondsMin);
  return now > lastOrder ? 'closed' : 'on-sale';
};

/** The date on which the passengers board, as the clock at their stop shows it. */
export const boardingDay = (
  { stops, serviceDate }: Pick<Run, 'stops' | 'serviceDate'>,
  { from }: Stretch,
): ServiceDate => {
  const boarding = stops[from];
  return boarding ? localDateOf(boarding.departs, boarding.timeZone) : serviceDate;
};

/**
 * Whether a stretch is on sale: the date of its departure is open for this trip, its run is not closed and its departure
 * is not too near.
 */
export const isOnSale = (
  run: Pick<Run, 'state' | 'stops'> & Sold,
  stretch: Stretch,
  sales: Sales | undefined,
  carrier: SaleEnd,
  now: Instant,
): SaleState => {
  const boarding = run.stops[stretch.from];
  if (!boarding) throw new RangeError(`a stretch begins at stop ${stretch.from}, which the run lacks`);
  const date = saleOn(sales, localDateOf(boarding.departs, boarding.timeZone))(run);
  const state = saleStateOf(date, boarding.departs, carrier, now);
  return state === 'on-sale' && run.state === 'closed' ? 'closed' : state;
};

/** The field of an answer that contains a headsign, if there is one. */
export const headsignIn = (languages: Languages, headsign: Label | undefined): { headsign?: string } =>
  headsign ? { headsign: nameIn(languages, headsign.text, headsign.names) } : {};

type Named = { stopId: string; name: string; names?: Names | undefined };

/** The journey as orders and tickets store it. */
type StoredJourney = {
  trip: string;
  tripNames?: Names | undefined;
  headsign?: Label | undefined;
  from: Named & { departs: string };
  to: Named & { arrives: string };
};

/** The names of a journey in the reader's language, with its times. */
export const journeyIn = (languages: Languages, { trip, tripNames, headsign, from, to }: StoredJourney) => ({
  trip: nameIn(languages, trip, tripNames),
  ...headsignIn(languages, headsign),
  from: { stopId: from.stopId, name: nameIn(languages, from.name, from.names), departs: from.departs },
  to: { stopId: to.stopId, name: nameIn(languages, to.name, to.names), arrives: to.arrives },
});

/** The stop of a change of seats in the reader's language, with the time at which the run leaves it. */
export const seatChangeIn = (
  languages: Languages,
  { stopId, name, names, departs }: Named & { departs: string },
) => ({ stopId, name: nameIn(languages, name, names), departs });

import { serviceDateSchema, type StopId, type TripId } from '../platform/ids.ts';
import type { Label, Names } from '../platform/languages.ts';
import { codeFits } from '../tickets/code-room.ts';
import { runIdOf } from '../timetable/run-id.ts';
import type { ServiceDays, Stop, TripCall } from '../timetable/model.ts';
import { startTimeOf } from './fields.ts';
import type { ProblemList } from './problems.ts';
import { shiftCalls } from './read-frequencies.ts';
import { stopTimesTable, type StopTimes } from './read-stop-times.ts';
import { tripsTable, type TripList, type TripRow } from './read-trips.ts';
import type { Translations } from './read-translations.ts';
import { timeCalls } from './time-calls.ts';

/** A trip with all its data from the feed. */
export type FeedTrip = {
  tripId: TripId;
  startTime?: string;
  name: string;
  names?: Names;
  headsign?: Label;
  routeId: string;
  days: ServiceDays;
  calls: TripCall[];
  /** The feed's own stop ids, one per call: ids of platforms, while `calls` have the stations. */
  feedStops: readonly string[];
  /** The trip may have more calls than these: one of its rows was unreadable. */
  hasGaps: boolean;
};

type Join = {
  trips: TripList;
  stops: ReadonlyMap<StopId, Stop>;
  daysOf: ReadonlyMap<string, ServiceDays>;
  stopTimes: StopTimes;
  /** The departures of trips that run by headway. */
  frequencies: ReadonlyMap<string, readonly number[]>;
  translations: Translations;
  problems: ProblemList;
};

/** Makes the trips of a feed from their rows. Those that cannot be sold are left out. */
export const joinTrips = (join: Join): FeedTrip[] => {
  const joined: FeedTrip[] = [];
  for (const row of join.trips.rows.values()) {
    const trip = tripOf(row, join);
    if (!trip) continue;
    const departures = join.frequencies.get(row.tripId);
    if (departures) for (const departs of departures) joined.push(departing(trip, departs));
    else joined.push(trip);
  }
  return joined;
};

const tripOf = (row: TripRow, join: Join) => {
  const { trips, stops, daysOf, stopTimes, frequencies, problems } = join;
  const { line, tripId, routeId, serviceId } = row;
  const { file } = tripsTable;
  const calls = stopTimes.of(tripId);
  if (calls.length < 2 && stopTimes.onDemand.has(tripId)) {
    trips.setAside(tripId);
    const reason = `trip ${tripId} runs on demand, at no fixed stop or time: no seat of it is sold`;
    return void problems.warn({ kind: 'on-demand', file, line, reason });
  }
  if (stopTimes.onDemand.has(tripId)) {
    const reason = `trip ${tripId} also calls on demand, and no seat is sold for that`;
    problems.warn({ kind: 'on-demand', file, line, reason });
  }
  if (calls.length === 0) {
    const reason = `${stopTimesTable.file} has no call of it that can be read`;
    return void trips.leaveOut(tripId, { kind: 'no-calls', file, line, reason });
  }
  if (frequencies.get(tripId)?.length === 0) {
    const reason = 'runs by headway, and none of its rows in frequencies.txt can be read';
    return void trips.leaveOut(tripId, { kind: 'frequency', file, line, reason });
  }
  const timed = timeCalls(calls, stops, problems);
  if ('fault' in timed) {
    const place = timed.line === undefined ? { file, line } : { file: stopTimesTable.file, line: timed.line };
    return void trips.leaveOut(tripId, { kind: timed.kind, ...place, reason: timed.fault });
  }
  if (!codesFit(tripId, timed.calls)) {
    const reason = 'its id and those of its stops are too long for the code of a ticket';
    return void trips.leaveOut(tripId, { kind: 'too-long', file, line, reason });
  }
  const days = daysOf.get(serviceId);
  return (
    days && { tripId, routeId, days, hasGaps: stopTimes.hasGaps(tripId), ...labelsOf(row, join), ...timed }
  );
};

const labelsOf = ({ tripId, routeId, name, nameField, headsign }: TripRow, { translations }: Join) => {
  const record = nameField === 'trips.trip_short_name' ? tripId : routeId;
  const names = translations.of(nameField, record, name);
  const headsignNames = translations.of('trips.trip_headsign', tripId, headsign);
  return {
    name,
    ...(names && { names }),
    ...(headsign && { headsign: { text: headsign, ...(headsignNames && { names: headsignNames }) } }),
  };
};

/** Ids that are clearly short enough, so that we need not draw a code to know that it fits. */
const surelyFits = 300;

/** Whether every ticket of a trip can have its code: the longest ids decide. */
const codesFit = (tripId: TripId, calls: readonly TripCall[]): boolean => {
  const [a, b] = calls
    .map(({ stopId }) => ({ stopId, bytes: Buffer.byteLength(stopId) }))
    .toSorted((one, other) => other.bytes - one.bytes);
  if (!a || !b || Buffer.byteLength(tripId) * 3 + a.bytes + b.bytes <= surelyFits) return true;
  return codeFits(runIdOf(tripId, anyDay, '0000'), a.stopId, b.stopId);
};

const anyDay = serviceDateSchema.parse('2000-01-01');

/** One departure of a trip that runs by headway. */
const departing = (trip: FeedTrip, departs: number): FeedTrip => ({
  ...trip,
  startTime: startTimeOf(departs),
  calls: shiftCalls(trip.calls, departs),
});

import type { ServiceDate, TripId } from '../platform/ids.ts';
import type { ServiceDays, TripCall } from '../timetable/model.ts';
import { startTimeOf } from './fields.ts';
import type { FeedFiles } from './open-feed.ts';
import { problemList, UnreadableFile, type ProblemList } from './problems.ts';
import { frequenciesTable, frequencyReader, shiftCalls } from './read-frequencies.ts';
import { calendarDatesTable, calendarTable, serviceReader, type Services } from './read-services.ts';
import { stopReader, stopsTable, type FeedStops } from './read-stops.ts';
import { stopTimeReader, stopTimesTable, type StopTime } from './read-stop-times.ts';
import { readTable, type Row } from './read-table.ts';
import {
  agencyReader,
  agencyTable,
  routeReader,
  routesTable,
  tripReader,
  tripsTable,
  type FeedRoute,
  type TripRow,
} from './read-trips.ts';
import { timeCalls } from './time-calls.ts';

/** A trip with everything that the feed contains about it. */
export type FeedTrip = {
  tripId: TripId;
  startTime?: string;
  name: string;
  routeId: string;
  days: ServiceDays;
  calls: TripCall[];
  /** Fare zones, one per call. */
  zones: readonly (string | undefined)[];
};

/** A feed after reading and checking: all its references resolve. */
export type Feed = {
  timeZone: string;
  stops: FeedStops;
  routes: ReadonlyMap<string, FeedRoute>;
  firstDate: ServiceDate;
  services: number;
  trips: FeedTrip[];
  /** Rows that the reader could use, though perhaps not as the feed's author meant them. */
  warnings: ProblemList;
};

export type ReadProgress = (file: string, rows: number) => void;

type Context = { files: FeedFiles; problems: ProblemList; onProgress: ReadProgress };

/** Reads one table if the feed has it. Reports an unreadable table as a problem. Returns whether it could be read. */
const read = async (
  { files, problems, onProgress }: Context,
  table: { file: string; required: readonly string[] },
  onRow: (row: Row) => void,
): Promise<boolean> => {
  try {
    const stream = await files.open(table.file);
    const shape = { ...table, onProgress: (rows: number) => onProgress(table.file, rows) };
    await readTable(shape, stream, problems, onRow);
    return true;
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    problems.report(error.file, error.line, error.message);
    return false;
  }
};

type Base = { timeZone: string; stops: FeedStops; routes: Map<string, FeedRoute>; services: Services };

/**
 * Reads the tables that refer to no others. It reads all of them before it gives up, to report every problem at once.
 */
const readBase = async (context: Context): Promise<Base | undefined> => {
  const { files, problems } = context;
  const [agencies, stops, routes, services] = [
    agencyReader(problems),
    stopReader(problems),
    routeReader(problems),
    serviceReader(problems),
  ];
  const hasCalendar = [calendarTable, calendarDatesTable].filter(({ file }) => files.has(file));
  if (hasCalendar.length === 0) {
    problems.report(calendarTable.file, undefined, 'the file is missing, and so is calendar_dates.txt');
  }
  const went = [
    await read(context, agencyTable, agencies.onRow),
    await read(context, stopsTable, stops.onRow),
    await read(context, routesTable, routes.onRow),
    ...(files.has(calendarTable.file) ? [await read(context, calendarTable, services.onCalendarRow)] : []),
    ...(files.has(calendarDatesTable.file)
      ? [await read(context, calendarDatesTable, services.onCalendarDatesRow)]
      : []),
  ];
  for (const { file } of [tripsTable, stopTimesTable]) {
    if (!files.has(file)) problems.report(file, undefined, 'the file is missing');
  }
  const timeZone = agencies.finish();
  if (went.includes(false) || hasCalendar.length === 0) return undefined;
  if (!timeZone) {
    if (problems.count() === 0) problems.report(agencyTable.file, undefined, 'names no agency');
    return undefined;
  }
  return {
    timeZone,
    stops: stops.finish(timeZone),
    routes: routes.finish(),
    services: services.finish(),
  };
};

/** Reads a whole feed. Returns undefined if it cannot go on; `problems` then holds the reasons. */
export const readFeed = async (context: Context): Promise<Feed | undefined> => {
  const { files, problems } = context;
  const base = await readBase(context);
  if (!base || !files.has(tripsTable.file) || !files.has(stopTimesTable.file)) return undefined;
  const trips = tripReader(base.routes, base.services.daysOf, problems);
  if (!(await read(context, tripsTable, trips.onRow))) return undefined;
  const rows = trips.finish();
  const stopTimes = stopTimeReader(rows, base.stops, problems);
  const frequencies = frequencyReader(rows, problems);
  if (!(await read(context, stopTimesTable, stopTimes.onRow))) return undefined;
  if (files.has(frequenciesTable.file)) await read(context, frequenciesTable, frequencies.onRow);
  const warnings = problemList();
  const feedTrips = joinTrips({ rows, base, stopTimes: stopTimes.finish(), problems, warnings });
  return {
    timeZone: base.timeZone,
    stops: base.stops,
    routes: base.routes,
    firstDate: base.services.firstDate,
    services: base.services.daysOf.size,
    trips: departing(feedTrips, frequencies.finish()),
    warnings,
  };
};

const joinTrips = (input: {
  rows: ReadonlyMap<string, TripRow>;
  base: Base;
  stopTimes: ReadonlyMap<string, StopTime[]>;
  problems: ProblemList;
  warnings: ProblemList;
}): FeedTrip[] => {
  const { rows, base, stopTimes, problems, warnings } = input;
  const trips: FeedTrip[] = [];
  for (const { line, tripId, routeId, serviceId, name } of rows.values()) {
    const times = stopTimes.get(tripId) ?? [];
    if (times.length < 2) {
      warnings.report(tripsTable.file, line, `trip ${tripId} is left out: it has fewer than two calls`);
      continue;
    }
    const calls = timeCalls(tripId, times, base.stops.stops, problems, warnings);
    const days = base.services.daysOf.get(serviceId);
    if (!calls || !days) continue;
    trips.push({ tripId, name, routeId, days, calls, zones: times.map(({ zoneId }) => zoneId) });
  }
  return trips;
};

/** Replaces each trip that runs by headway with its single departures. */
const departing = (
  trips: readonly FeedTrip[],
  frequencies: ReadonlyMap<string, readonly number[]>,
): FeedTrip[] =>
  trips.flatMap((trip) => {
    const departures = frequencies.get(trip.tripId);
    if (!departures) return [trip];
    return departures.map((departs) => ({
      ...trip,
      startTime: startTimeOf(departs),
      calls: shiftCalls(trip.calls, departs),
    }));
  });

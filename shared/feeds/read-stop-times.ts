import type { StopId } from '../platform/ids.ts';
import type { Label } from '../platform/languages.ts';
import { daySeconds, isPastMidnight, secondsOfTime, wholeNumber } from './fields.ts';
import type { FeedStops } from './join-stops.ts';
import { indicesBy, numberColumn, type NumberColumn } from './number-column.ts';
import type { ProblemList } from './problems.ts';
import type { Row } from './read-table.ts';
import type { Translations } from './read-translations.ts';
import type { TripList } from './read-trips.ts';
import { textBeside } from './visible-names.ts';

const file = 'stop_times.txt';
export const stopTimesTable = {
  file,
  required: ['trip_id', 'arrival_time', 'departure_time', 'stop_id', 'stop_sequence'],
};

/** A row of stop_times.txt; a blank time is undefined. */
export type StopTime = {
  line: number;
  stopId: StopId;
  /** The feed's own id: that of the platform if `stopId` is its station. */
  feedStopId: string;
  sequence: number;
  arrives: number | undefined;
  departs: number | undefined;
  boarding: boolean;
  alighting: boolean;
  headsign: Label | undefined;
};

export type StopTimes = {
  /** The rows of a trip that we import, in the order of the file. */
  of: (tripId: string) => StopTime[];
  /** Trips with calls on demand (GTFS-Flex), which have neither a stop nor a time of their own. */
  onDemand: ReadonlySet<string>;
  /** Whether a trip may have more calls than its imported rows, because a row was unreadable. */
  hasGaps: (tripId: string) => boolean;
};

const noTime = -1;
const boardingFlag = 1;
const alightingFlag = 2;

type Input = { trips: TripList; stops: FeedStops; translations: Translations; problems: ProblemList };

/** Reads the rows into columns of numbers: 32 bytes a row, because a country has millions. */
export const stopTimeReader = ({ trips, stops, translations, problems }: Input) => {
  const indexOfTrip = new Map([...trips.rows.keys()].map((tripId, index) => [tripId, index]));
  const places = placesOf(stops);
  const headsigns = headsignsOf(translations);
  const [onDemand, gaps] = [new Set<string>(), new Set<string>()];
  let rows = 0;
  const [tripAt, placeAt, sequenceAt, arrivesAt, departsAt, flagsAt, lineAt, headsignAt] = [
    numberColumn(),
    numberColumn(),
    numberColumn(),
    numberColumn(),
    numberColumn(),
    numberColumn(),
    numberColumn(),
    numberColumn(),
  ];
  const onRow = (row: Row): void => {
    const tripId = row.text('trip_id');
    rows += 1;
    if (trips.isLeftOut(tripId)) return;
    const leaveOut = (kind: string, reason: string): void =>
      problems.leaveOut('row', undefined, { kind, file, line: row.line, reason });
    const trip = indexOfTrip.get(tripId);
    if (trip === undefined) return leaveOut('unknown-trip', `trip_id ${tripId} is not in trips.txt`);
    if (isOnDemand(row)) return void onDemand.add(tripId);
    const call = callOf(row, leaveOut);
    if (!call) return void gaps.add(tripId);
    const feedStopId = row.text('stop_id');
    const place = places.indexOf(feedStopId);
    if (place === undefined) {
      gaps.add(tripId);
      // The report already names a stop that is left out; it does not repeat that for each train.
      if (stops.leftOut.has(feedStopId)) return;
      return leaveOut(
        'unknown-stop',
        `stop_id ${feedStopId} is not a stop in stops.txt where trips can call`,
      );
    }
    tripAt.push(trip);
    placeAt.push(place);
    sequenceAt.push(call.sequence);
    arrivesAt.push(call.arrives);
    departsAt.push(call.departs);
    flagsAt.push(call.flags);
    lineAt.push(row.line);
    headsignAt.push(headsigns.indexOf(textBeside(row, 'stop_headsign', { file, problems })));
  };
  const stopTimeAt = (at: number): StopTime => ({
    line: lineAt.at(at),
    ...places.at(placeAt.at(at)),
    sequence: sequenceAt.at(at),
    arrives: timeAt(arrivesAt, at),
    departs: timeAt(departsAt, at),
    boarding: (flagsAt.at(at) & boardingFlag) !== 0,
    alighting: (flagsAt.at(at) & alightingFlag) !== 0,
    headsign: headsigns.at(headsignAt.at(at)),
  });
  /** `rowsOfFile` also counts rows that are not CSV, of whichever trip. */
  const finish = (rowsOfFile: number): StopTimes => {
    const indices = indicesBy(tripAt, indexOfTrip.size);
    const of = (tripId: string): StopTime[] => {
      const trip = indexOfTrip.get(tripId);
      return trip === undefined ? [] : Array.from(indices(trip), stopTimeAt);
    };
    const hasGaps = (tripId: string): boolean =>
      rows < rowsOfFile || gaps.has(tripId) || onDemand.has(tripId);
    return { of, onDemand, hasGaps };
  };
  return { onRow, finish };
};

const timeAt = (column: NumberColumn, at: number): number | undefined =>
  column.at(at) === noTime ? undefined : column.at(at);

type Place = Pick<StopTime, 'stopId' | 'feedStopId'>;

/** The places where trips call, each once, by a number. */
const placesOf = ({ callAt }: FeedStops) => {
  const indices = new Map<string, number>();
  const places: Place[] = [];
  const indexOf = (feedStopId: string): number | undefined => {
    const known = indices.get(feedStopId);
    if (known !== undefined) return known;
    const stopId = callAt(feedStopId);
    if (!stopId) return undefined;
    indices.set(feedStopId, places.length);
    return places.push({ stopId, feedStopId }) - 1;
  };
  const at = (index: number): Place => {
    const place = places[index];
    if (!place) throw new RangeError(`there is no place ${index}`);
    return place;
  };
  return { indexOf, at };
};

/** The headsigns of calls, each once, by a number; 0 is none. */
const headsignsOf = (translations: Translations) => {
  const indices = new Map<string, number>([['', 0]]);
  const labels: (Label | undefined)[] = [undefined];
  const indexOf = (text: string): number => {
    const known = indices.get(text);
    if (known !== undefined) return known;
    const names = translations.of('stop_times.stop_headsign', undefined, text);
    indices.set(text, labels.length);
    return labels.push({ text, ...(names && { names }) }) - 1;
  };
  return { indexOf, at: (index: number) => labels[index] };
};

/** A call in an area or in a window of time: passengers order it, and we sell no seat for it. */
const isOnDemand = ({ text }: Row): boolean => {
  const isArea = text('stop_id') === '' && (text('location_id') || text('location_group_id')) !== '';
  const hasTime = (text('arrival_time') || text('departure_time')) !== '';
  return isArea || (!hasTime && windowColumns.some((column) => text(column) !== ''));
};

/** As GTFS-Flex spells it, and as its draft did, in which `stop_id` could name an area too. */
const windowColumns = ['start_pickup_drop_off_window', 'start_pickup_dropoff_window'] as const;

type LeaveOut = (kind: string, reason: string) => void;
type Call = { sequence: number; arrives: number; departs: number; flags: number };

const callOf = (row: Row, leaveOut: LeaveOut): Call | undefined => {
  const sequence = wholeNumber(row.text('stop_sequence'));
  if (sequence === undefined) {
    const reason = `stop_sequence ${row.text('stop_sequence')} is not a whole number`;
    return void leaveOut('unreadable-number', reason);
  }
  const times = timesOf(row, leaveOut);
  const flags = times && flagsOf(row, leaveOut);
  return times && flags !== undefined ? { sequence, ...times, flags } : undefined;
};

/** One blank time equals the other; if both are blank, the calls before and after give them later. */
const timesOf = ({ text }: Row, leaveOut: LeaveOut) => {
  const [arrival, departure] = [text('arrival_time'), text('departure_time')];
  if (arrival === '' && departure === '') return { arrives: noTime, departs: noTime };
  const [arrives, departs] = [arrival || departure, departure || arrival].map(secondsOfTime);
  const unreadable = (column: string, text: string) =>
    void leaveOut('unreadable-time', `${column} ${text} is not a time in the form HH:MM:SS`);
  if (arrives === undefined) return unreadable('arrival_time', arrival || departure);
  if (departs === undefined) return unreadable('departure_time', departure);
  if (isPastMidnight(arrives, departs)) return { arrives, departs: departs + daySeconds };
  if (departs < arrives) {
    return void leaveOut('times-backwards', `departs at ${departure}, before it arrives at ${arrival}`);
  }
  return { arrives, departs };
};

/**
 * 0 or blank is regular; 1 is none; 2 and 3 are by arrangement with the agency or the driver, and we can sell a ticket
 * for them.
 */
const flagsOf = ({ text }: Row, leaveOut: LeaveOut): number | undefined => {
  const columns = ['pickup_type', 'drop_off_type'] as const;
  const types = columns.map((column) => wholeNumber(text(column) || '0') ?? noTime);
  const unknown = columns.find((_, at) => !knownTypes.has(types[at] ?? noTime));
  if (unknown) return void leaveOut('unknown-value', `${unknown} ${text(unknown)} is unknown`);
  return (types[0] === 1 ? 0 : boardingFlag) + (types[1] === 1 ? 0 : alightingFlag);
};

const knownTypes = new Set([0, 1, 2, 3]);

import type { StopId } from '../platform/ids.ts';
import { secondsOfTime, wholeNumber } from './fields.ts';
import type { ProblemList } from './problems.ts';
import type { FeedStops } from './read-stops.ts';
import type { Row } from './read-table.ts';

export const stopTimesTable = {
  file: 'stop_times.txt',
  required: ['trip_id', 'arrival_time', 'departure_time', 'stop_id', 'stop_sequence'],
};

/** A row of stop_times.txt; a blank time is undefined. */
export type StopTime = {
  line: number;
  stopId: StopId;
  /** The fare zone of the platform itself, not of its station. */
  zoneId: string | undefined;
  sequence: number;
  arrives: number | undefined;
  departs: number | undefined;
  boarding: boolean;
  alighting: boolean;
};

/** The import keeps all of them in memory: about 150 bytes each. */
const rowsMax = 3_000_000;

export const stopTimeReader = (
  trips: ReadonlyMap<string, unknown>,
  { stopOf, zoneOf }: FeedStops,
  problems: ProblemList,
) => {
  const byTrip = new Map<string, StopTime[]>();
  let rows = 0;
  const onRow = (row: Row): void => {
    const { line, text } = row;
    const report = (reason: string): void => problems.report(stopTimesTable.file, line, reason);
    rows += 1;
    if (rows > rowsMax) {
      if (rows === rowsMax + 1) report(`more than ${rowsMax} stop times`);
      return undefined;
    }
    const [tripId, feedStopId] = [text('trip_id'), text('stop_id')];
    if (!trips.has(tripId)) return report(`trip_id ${tripId} is not in trips.txt`);
    const stopId = stopOf.get(feedStopId);
    if (!stopId) return report(`stop_id ${feedStopId} is not a stop in stops.txt where trips can call`);
    const sequence = wholeNumber(text('stop_sequence'));
    if (sequence === undefined) return report(`stop_sequence ${text('stop_sequence')} is not a whole number`);
    const times = timesOf(row, report);
    const how = boardingOf(row, report);
    if (!times || !how) return undefined;
    const stopTime = { line, stopId, zoneId: zoneOf.get(feedStopId), sequence, ...times, ...how };
    const ofTrip = byTrip.get(tripId);
    if (ofTrip) ofTrip.push(stopTime);
    else byTrip.set(tripId, [stopTime]);
    return undefined;
  };
  return { onRow, finish: () => byTrip };
};

/** If one time is blank, it equals the other; if both are blank, `timeCalls` works them out from the calls around. */
const timesOf = ({ text }: Row, report: (reason: string) => void) => {
  const [arrival, departure] = [text('arrival_time'), text('departure_time')];
  const [arrives, departs] = [arrival || departure, departure || arrival].map(secondsOfTime);
  if (arrival === '' && departure === '') return { arrives: undefined, departs: undefined };
  if (arrives === undefined) return void report(`arrival_time ${arrival} is not a time written HH:MM:SS`);
  if (departs === undefined) return void report(`departure_time ${departure} is not a time written HH:MM:SS`);
  if (departs < arrives) return void report(`departs at ${departure}, before it arrives at ${arrival}`);
  return { arrives, departs };
};

/**
 * 0 or blank is regular; 1 is none; 2 and 3 need an arrangement with the agency or the driver, but a ticket for them
 * can be sold.
 */
const boardingOf = ({ text }: Row, report: (reason: string) => void) => {
  const [pickup, dropOff] = [text('pickup_type') || '0', text('drop_off_type') || '0'];
  if (!/^[0-3]$/.test(pickup)) return void report(`pickup_type ${pickup} is unknown`);
  if (!/^[0-3]$/.test(dropOff)) return void report(`drop_off_type ${dropOff} is unknown`);
  return { boarding: pickup !== '1', alighting: dropOff !== '1' };
};

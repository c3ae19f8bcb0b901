import type { TripCall } from '../timetable/model.ts';
import { secondsOfTime, startTimeOf, wholeNumber } from './fields.ts';
import type { ProblemList } from './problems.ts';
import type { Row } from './read-table.ts';

export const frequenciesTable = {
  file: 'frequencies.txt',
  required: ['trip_id', 'start_time', 'end_time', 'headway_secs'],
};

/** Without this limit, a headway of one second over a long day would make a trip of every second. */
const departuresMax = 200_000;

/**
 * Departures of trips that run by headway, in seconds of the service day. Each becomes a trip of its own, and its start
 * time to the minute distinguishes it from the others. This ignores `exact_times`: a seat needs a departure.
 */
export const frequencyReader = (trips: ReadonlyMap<string, unknown>, problems: ProblemList) => {
  const departures = new Map<string, number[]>();
  let count = 0;
  const onRow = ({ line, text }: Row): void => {
    const report = (reason: string): void => problems.report(frequenciesTable.file, line, reason);
    const tripId = text('trip_id');
    const [start, end] = [secondsOfTime(text('start_time')), secondsOfTime(text('end_time'))];
    const headway = wholeNumber(text('headway_secs'));
    if (!trips.has(tripId)) return report(`trip_id ${tripId} is not in trips.txt`);
    if (start === undefined) return report(`start_time ${text('start_time')} is not a time`);
    if (end === undefined) return report(`end_time ${text('end_time')} is not a time`);
    if (end <= start) return report('ends before it starts');
    if (!headway) return report(`headway_secs ${text('headway_secs')} is not a number above 0`);
    const ofTrip = departures.get(tripId) ?? [];
    departures.set(tripId, ofTrip);
    const minutes = new Set(ofTrip.map(startTimeOf));
    for (let at = start; at < end; at += headway) {
      count += 1;
      if (count > departuresMax) return report(`more than ${departuresMax} departures in all`);
      if (minutes.has(startTimeOf(at))) return report(`trip ${tripId} departs twice at ${startTimeOf(at)}`);
      minutes.add(startTimeOf(at));
      ofTrip.push(at);
    }
    return undefined;
  };
  return { onRow, finish: () => departures };
};

/** Moves the calls of a trip so that the trip starts at `departs` seconds. */
export const shiftCalls = (calls: readonly TripCall[], departs: number): TripCall[] => {
  const shift = departs - (calls[0]?.departs ?? 0);
  return calls.map((call) => ({
    ...call,
    // The first call may arrive before it departs; its arrival must not fall before the service day.
    arrives: Math.max(0, call.arrives + shift),
    departs: call.departs + shift,
  }));
};

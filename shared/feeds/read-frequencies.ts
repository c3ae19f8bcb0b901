import type { TripCall } from '../timetable/model.ts';
import { secondsOfTime, startTimeOf, wholeNumber } from './fields.ts';
import { UnreadableFile, type ProblemList } from './problems.ts';
import type { Row } from './read-table.ts';
import type { TripList } from './read-trips.ts';

const file = 'frequencies.txt';
export const frequenciesTable = { file, required: ['trip_id', 'start_time', 'end_time', 'headway_secs'] };

/** Without this limit, a headway of one minute over a long day would make a feed of a day as large as one of a year. */
const departuresMax = 500_000;

/** From `start` on, every `headway` seconds, before `end`. All in seconds. */
type Window = { line: number; start: number; end: number; headway: number };

/**
 * Departures of trips that run by headway, in seconds of the service day. Each becomes a trip of its own, and its start
 * time to the minute distinguishes it from the others. This ignores `exact_times`: a seat needs a departure.
 */
export const frequencyReader = (trips: TripList, problems: ProblemList) => {
  const windows = new Map<string, Window[]>();
  const onRow = ({ line, text }: Row): void => {
    const tripId = text('trip_id');
    if (trips.isLeftOut(tripId)) return;
    const leaveOut = (kind: string, reason: string): void =>
      problems.leaveOut('row', undefined, { kind, file, line, reason });
    if (!trips.rows.has(tripId)) return leaveOut('unknown-trip', `trip_id ${tripId} is not in trips.txt`);
    const ofTrip = windows.get(tripId) ?? [];
    windows.set(tripId, ofTrip);
    const window = windowOf(text, line);
    if (typeof window === 'string') return leaveOut('frequency', window);
    ofTrip.push(window);
  };
  /** A trip whose rows are all wrong has no departures, and does not run at the times of its calls either. */
  const finish = (): Map<string, number[]> => {
    let count = 0;
    const departures = new Map<string, number[]>();
    for (const [tripId, ofTrip] of windows) {
      const times = departuresOf(ofTrip, problems);
      count += times.length;
      if (count > departuresMax) {
        throw new UnreadableFile(file, undefined, `makes more than ${departuresMax} departures in all`);
      }
      departures.set(tripId, times);
    }
    return departures;
  };
  return { onRow, finish };
};

const windowOf = (text: Row['text'], line: number): Window | string => {
  const [start, end] = [secondsOfTime(text('start_time')), secondsOfTime(text('end_time'))];
  const headway = wholeNumber(text('headway_secs'));
  if (start === undefined) return `start_time ${text('start_time')} is not a time`;
  if (end === undefined) return `end_time ${text('end_time')} is not a time`;
  if (end <= start) return 'ends before it starts';
  if (!headway) return `headway_secs ${text('headway_secs')} is not a number above 0`;
  return { line, start, end, headway };
};

/**
 * The departures of a trip, at most one a minute. If windows overlap, which GTFS forbids, the earlier one counts: we do
 * not sell trains that may never come.
 */
const departuresOf = (windows: readonly Window[], problems: ProblemList): number[] => {
  const warn = (line: number, kind: string, reason: string): void =>
    problems.warn({ kind, file, line, reason });
  const departures = new Map<string, number>();
  let taken = -1;
  for (const { line, start, end, headway } of windows.toSorted(
    (a, b) => a.start - b.start || b.end - a.end,
  )) {
    if (headway < 60)
      warn(line, 'short-headway', `departs every ${headway} s: one departure a minute is sold`);
    if (start < taken) {
      warn(
        line,
        'overlapping-windows',
        'overlaps another row of the trip: the earlier one counts until its end',
      );
    }
    for (let at = start; at < end; at += headway) {
      if (at >= taken && !departures.has(startTimeOf(at))) departures.set(startTimeOf(at), at);
    }
    taken = Math.max(taken, end);
  }
  return [...departures.values()].toSorted((a, b) => a - b);
};

/** The calls of a trip when it starts at another time than its rows say. */
export const shiftCalls = (calls: readonly TripCall[], departs: number): TripCall[] => {
  const shift = departs - (calls[0]?.departs ?? 0);
  return calls.map((call) => ({
    ...call,
    // A first call that arrives before it departs must not fall before the service day.
    arrives: Math.max(0, call.arrives + shift),
    departs: call.departs + shift,
  }));
};

import { plusDays } from '../platform/time.ts';
import type { Instant } from '../platform/time.ts';
import type { ServiceDate, StopId } from '../platform/ids.ts';
import type { Layout, StopCall, Trip, Version } from '../timetable/model.ts';
import { tripBucketsFor, type KeptStop, type VersionRows } from '../timetable/version-store.ts';
import { lastDayOf } from './service-days.ts';
import { assignLayouts, layoutsOf } from './assign-layouts.ts';
import type { LayoutsFile } from './read-layouts.ts';
import type { ProblemList } from './problems.ts';
import type { Feed } from './read-feed.ts';
import { waysOfTrips } from './ways-of-trips.ts';

/** If the import moves a feed's dates, the last day of service is then at least this many days ahead. */
const movedDaysAhead = 60;

/**
 * The smallest number of weeks that moves the last day to 60 days after today or later. Whole weeks keep the weekdays.
 */
export const weeksToMove = (lastDate: ServiceDate, today: ServiceDate): number => {
  const wanted = plusDays(today, movedDaysAhead);
  const days = (Date.parse(wanted) - Date.parse(lastDate)) / 86_400_000;
  return Math.max(0, Math.ceil(days / 7));
};

export type ServiceSpan = { firstDate: ServiceDate; lastDate: ServiceDate; movedWeeks: number };

/**
 * The first and last day of the trips that can be sold, moved if `moveDates` asks for it; undefined if no trip ever
 * runs.
 */
export const serviceSpanOf = (
  feed: Feed,
  moveDates: boolean,
  today: ServiceDate,
): ServiceSpan | undefined => {
  const last = lastDayOf(new Set(feed.trips.map(({ days }) => days)));
  if (last === undefined) return undefined;
  const lastDate = plusDays(feed.firstDate, last);
  const movedWeeks = moveDates ? weeksToMove(lastDate, today) : 0;
  return {
    firstDate: plusDays(feed.firstDate, movedWeeks * 7),
    lastDate: plusDays(lastDate, movedWeeks * 7),
    movedWeeks,
  };
};

/** Builds a version of the timetable, with its rows, from a feed and the operator's layouts. */
export const buildVersion = (input: {
  feed: Feed;
  layouts: LayoutsFile;
  layoutsName: string;
  carrierLayouts: LayoutsFile;
  span: ServiceSpan;
  version: string;
  now: Instant;
  problems: ProblemList;
}): { version: Version; rows: VersionRows; tripsWithoutLayout: number } => {
  const { feed, span } = input;
  const { trips, withoutLayout } = assignLayouts(input);
  const callsAt = callsByStop(trips);
  const rows = {
    stops: stopsOf(feed, callsAt),
    layouts: usedLayouts(layoutsOf(input), trips),
    trips,
    callsAt,
    waysOf: waysOfTrips(trips),
  };
  const { firstDate, lastDate } = span;
  return {
    version: {
      version: input.version,
      importedAt: input.now,
      timeZone: feed.timeZone,
      firstDate,
      lastDate,
      stops: rows.stops.length,
      trips: trips.length,
      tripBuckets: tripBucketsFor(trips.length),
    },
    rows,
    tripsWithoutLayout: withoutLayout,
  };
};

const callsByStop = (trips: readonly Trip[]): Map<StopId, StopCall[]> => {
  const callsAt = new Map<StopId, StopCall[]>();
  for (const { calls, ...trip } of trips) {
    for (const [index, { stopId, ...call }] of calls.entries()) {
      const stopCall = { ...trip, ...call, index, stopCount: calls.length };
      const atStop = callsAt.get(stopId);
      if (atStop) atStop.push(stopCall);
      else callsAt.set(stopId, [stopCall]);
    }
  }
  return callsAt;
};

const stopsOf = ({ stops, transfers }: Feed, callsAt: ReadonlyMap<StopId, readonly StopCall[]>): KeptStop[] =>
  [...stops.stops.values()].map((stop) => {
    const platforms = stops.platforms.get(stop.stopId);
    const transfer = transfers.get(stop.stopId);
    return {
      ...stop,
      calls: callsAt.get(stop.stopId)?.length ?? 0,
      ...(platforms && { platforms: [...platforms] }),
      ...(transfer !== undefined && { transfer }),
    };
  });

const usedLayouts = (layouts: readonly Layout[], trips: readonly Trip[]): Layout[] => {
  const used = new Set(trips.map(({ layoutId }) => layoutId));
  return layouts.filter(({ layoutId }) => used.has(layoutId));
};

import type { RunId } from '../platform/ids.ts';
import type { Run, Version } from './model.ts';
import { runOf, runsOn } from './rules.ts';
import { parseRunId } from './run-id.ts';
import { stopsOf, type VersionRows } from './version-store.ts';

const nameOf = (tripId: string, startTime: string | undefined): string => JSON.stringify([tripId, startTime]);

/** Finds the runs of a version whose rows are not written yet, as `readRunOfVersion` does in the table. */
export const runsInRows = (version: Version, rows: VersionRows): ((runId: RunId) => Run | undefined) => {
  const trips = new Map(rows.trips.map((trip) => [nameOf(trip.tripId, trip.startTime), trip]));
  const layouts = new Map(rows.layouts.map((layout) => [layout.layoutId, layout]));
  const stops = stopsOf(rows.stops).byId;
  return (runId) => {
    const parts = parseRunId(runId);
    const trip = parts && trips.get(nameOf(parts.tripId, parts.startTime));
    if (!trip || !runsOn(trip.days, version, parts.serviceDate)) return undefined;
    return runOf({ trip, serviceDate: parts.serviceDate, version, layouts, stops });
  };
};

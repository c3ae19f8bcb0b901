import type { StopId } from '../platform/ids.ts';
import type { Stop } from '../timetable/model.ts';
import type { ProblemList } from './problems.ts';
import { isName, nameLengthMax } from './visible-names.ts';

/** `location_type`: a stop or platform, a station, an entrance, a node of footpaths, a part of a platform. */
export const locationTypes = ['stop', 'station', 'entrance', 'node', 'boarding-area'] as const;

/** A row of stops.txt. `stop.timeZone` and `stop.name` are empty where the row has none. */
export type StopRow = {
  line: number;
  stop: Stop;
  type: (typeof locationTypes)[number];
  parent: string;
  zoneId: string;
};

/**
 * The stops of a feed. A station replaces its platforms: trips call at the station, because that is where passengers
 * go; they do not choose the platform, which is often one per direction. The ids of the platforms are other names of
 * the station.
 */
export type FeedStops = {
  /** Where trips can call. A station without platforms is one of them once a trip calls at it. */
  stops: ReadonlyMap<StopId, Stop>;
  /** Any id of the feed where trips can call → the stop that it means. */
  callAt: (feedStopId: string) => StopId | undefined;
  /** Fare zones by the feed's own ids. */
  zoneOf: ReadonlyMap<string, string>;
  platforms: ReadonlyMap<StopId, readonly StopId[]>;
  /** The ids of stops that are left out; the report already names them. */
  leftOut: ReadonlySet<string>;
};

const file = 'stops.txt';

type Input = {
  rows: ReadonlyMap<string, StopRow>;
  leftOut: Set<string>;
  timeZone: string;
  problems: ProblemList;
};

export const joinStops = ({ rows, leftOut, timeZone, problems }: Input): FeedStops => {
  const stops = new Map<StopId, Stop>();
  const stopOf = new Map<string, StopId>();
  const platforms = new Map<StopId, StopId[]>();
  const add = (stop: Stop): StopId => {
    stops.set(stop.stopId, { ...stop, timeZone: stop.timeZone || timeZone });
    return stop.stopId;
  };
  for (const row of rows.values()) {
    if (row.type !== 'stop') continue;
    const { line, stop } = row;
    const station = stationOf(row, rows, problems);
    const callable = station ? { ...stop, ...station, timeZone: station.timeZone || stop.timeZone } : stop;
    if (!isName(callable.name)) {
      leftOut.add(stop.stopId);
      const reason = callable.name
        ? `stop_name has more than ${nameLengthMax} characters`
        : 'stop_name is empty or cannot be seen';
      problems.leaveOut('stop', stop.stopId, { kind: 'no-name', file, line, reason });
      continue;
    }
    stopOf.set(stop.stopId, add(callable));
    if (station) platforms.set(callable.stopId, [...(platforms.get(callable.stopId) ?? []), stop.stopId]);
  }
  const callAt = (feedStopId: string): StopId | undefined => {
    const known = stopOf.get(feedStopId);
    if (known !== undefined) return known;
    const row = rows.get(feedStopId);
    if (row?.type === 'boarding-area') return stopOf.get(row.parent);
    // GTFS requires calls at platforms; feeds also have them at stations, which is where passengers go anyway.
    if (row?.type !== 'station' || !isName(row.stop.name)) return undefined;
    const { stopId } = row.stop;
    stopOf.set(feedStopId, stops.has(stopId) ? stopId : add(row.stop));
    return stopId;
  };
  const zoneOf = new Map([...rows].flatMap(([id, { zoneId }]) => (zoneId ? [[id, zoneId] as const] : [])));
  return { stops, callAt, zoneOf, platforms, leftOut };
};

/** The station of a platform. If its parent is not a station, the platform is a stop of its own. */
const stationOf = (
  { line, parent }: StopRow,
  rows: ReadonlyMap<string, StopRow>,
  problems: ProblemList,
): Stop | undefined => {
  if (!parent) return undefined;
  const row = rows.get(parent);
  if (row?.type === 'station' && isName(row.stop.name)) return row.stop;
  const why = row ? 'is not a station (location_type 1) with a name' : 'is not in this file';
  const reason = `parent_station ${parent} ${why}: the stop has no station`;
  problems.warn({ kind: 'unknown-parent', file, line, reason });
  return undefined;
};

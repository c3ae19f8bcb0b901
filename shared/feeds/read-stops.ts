import { stopIdSchema, type StopId } from '../platform/ids.ts';
import { isTimeZone } from '../platform/time.ts';
import type { Stop } from '../timetable/model.ts';
import { degrees } from './fields.ts';
import { pinyinInitials } from './initials.ts';
import type { ProblemList } from './problems.ts';
import type { Row } from './read-table.ts';

/**
 * The stops of a feed. If a platform belongs to a station, its trips call at the station: passengers travel to the
 * station and do not choose the platform, which often depends only on the direction. The platforms' ids remain other
 * ids of the station.
 */
export type FeedStops = {
  /** Where trips can call. */
  stops: ReadonlyMap<StopId, Stop>;
  /** Each id at which the feed's trips can call → the stop that this id means. */
  stopOf: ReadonlyMap<string, StopId>;
  /** Fare zones by the feed's own ids. */
  zoneOf: ReadonlyMap<string, string>;
  platforms: ReadonlyMap<StopId, readonly StopId[]>;
};

type StopRow = { line: number; stop: Stop; isStation: boolean; isCallable: boolean; parent: string };

const file = 'stops.txt';
export const stopsTable = { file, required: ['stop_id'] };

export const stopReader = (problems: ProblemList) => {
  const rows = new Map<string, StopRow>();
  const zoneOf = new Map<string, string>();
  const onRow = (row: Row): void => {
    const { line, text } = row;
    const stopId = stopIdSchema.safeParse(text('stop_id')).data;
    if (!stopId) return problems.report(file, line, 'stop_id is empty or longer than 200 characters');
    const type = text('location_type') || '0';
    if (!/^[0-4]$/.test(type)) return problems.report(file, line, `location_type ${type} is unknown`);
    if (rows.has(stopId)) return problems.report(file, line, `the stop_id ${stopId} occurs twice`);
    const stop = stopOfRow(row, stopId, type, problems);
    if (!stop) return undefined;
    if (text('zone_id')) zoneOf.set(stopId, text('zone_id'));
    rows.set(stopId, {
      line,
      stop,
      isStation: type === '1',
      isCallable: type === '0',
      parent: text('parent_station'),
    });
    return undefined;
  };
  /** `timeZone` is the agency's; it applies to stops without a time zone of their own. */
  const finish = (timeZone: string): FeedStops => ({ ...joinPlatforms(rows, timeZone, problems), zoneOf });
  return { onRow, finish };
};

const stopOfRow = (
  { line, text }: Row,
  stopId: StopId,
  type: string,
  problems: ProblemList,
): Stop | undefined => {
  const name = text('stop_name');
  if (!name && (type === '0' || type === '1')) {
    problems.report(file, line, 'stop_name is empty');
    return undefined;
  }
  const timeZone = text('stop_timezone');
  if (timeZone && !isTimeZone(timeZone)) {
    problems.report(file, line, `stop_timezone ${timeZone} is not a time zone`);
    return undefined;
  }
  const initials = text('stop_initials').toUpperCase() || pinyinInitials(name);
  const position = positionOf(line, text('stop_lat'), text('stop_lon'), problems);
  return {
    stopId,
    name,
    code: text('stop_code') || stopId,
    ...(initials && { initials }),
    timeZone,
    ...position,
  };
};

const positionOf = (line: number, lat: string, lon: string, problems: ProblemList) => {
  if (lat === '' && lon === '') return {};
  const [latitude, longitude] = [degrees(lat, 90), degrees(lon, 180)];
  if (latitude === undefined || longitude === undefined) {
    problems.report(file, line, `stop_lat, stop_lon: ${lat}, ${lon} is not a place on earth`);
    return {};
  }
  // Feeds write 0, 0 (a place in the Gulf of Guinea) for an unknown position.
  return latitude === 0 && longitude === 0 ? {} : { latitude, longitude };
};

const joinPlatforms = (rows: ReadonlyMap<string, StopRow>, timeZone: string, problems: ProblemList) => {
  const stops = new Map<StopId, Stop>();
  const stopOf = new Map<string, StopId>();
  const platforms = new Map<StopId, StopId[]>();
  for (const { line, stop, parent, isCallable } of rows.values()) {
    if (!isCallable) continue;
    const station = parent ? rows.get(parent) : undefined;
    if (parent && !station?.isStation) {
      const why = station ? 'is not a station (location_type 1)' : 'is not in this file';
      problems.report(file, line, `parent_station ${parent} ${why}`);
      continue;
    }
    const callable = station ? station.stop : stop;
    stops.set(callable.stopId, {
      ...stop,
      ...callable,
      timeZone: callable.timeZone || stop.timeZone || timeZone,
    });
    stopOf.set(stop.stopId, callable.stopId);
    if (station) platforms.set(callable.stopId, [...(platforms.get(callable.stopId) ?? []), stop.stopId]);
  }
  return { stops, stopOf, platforms };
};

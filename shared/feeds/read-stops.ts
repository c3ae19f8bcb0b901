import { stopIdSchema, type StopId } from '../platform/ids.ts';
import { timeZoneOf } from '../platform/time.ts';
import { degrees, wholeNumber } from './fields.ts';
import { joinStops, locationTypes, type FeedStops, type StopRow } from './join-stops.ts';
import type { ProblemList } from './problems.ts';
import type { Row } from './read-table.ts';
import { pinyinInitials, romanise } from './romanise.ts';
import { isName, nameOf, textBeside } from './visible-names.ts';

const file = 'stops.txt';
export const stopsTable = { file, required: ['stop_id'] };

export const stopReader = (problems: ProblemList) => {
  const rows = new Map<string, StopRow>();
  const leftOut = new Set<string>();
  const leaveOut = (stopId: string, line: number, kind: string, reason: string): void => {
    rows.delete(stopId);
    leftOut.add(stopId);
    problems.leaveOut('stop', stopId, { kind, file, line, reason });
  };
  const onRow = (row: Row): void => {
    const { line, text } = row;
    const stopId = stopIdSchema.safeParse(text('stop_id')).data;
    if (!stopId) {
      const reason = 'stop_id is empty or longer than 200 characters';
      return problems.leaveOut('row', undefined, { kind: 'no-id', file, line, reason });
    }
    if (leftOut.has(stopId)) return undefined;
    const read = stopOfRow(row, stopId, problems);
    if ('fault' in read) return leaveOut(stopId, line, read.kind, read.fault);
    const first = rows.get(stopId);
    if (!first) return void rows.set(stopId, read);
    if (isSame(first, read)) {
      const reason = `repeats stop ${stopId} of line ${first.line}: it counts once`;
      return problems.warn({ kind: 'repeated-row', file, line, reason });
    }
    const reason = `contradicts line ${first.line}, which has the same stop_id`;
    return leaveOut(stopId, line, 'contradicting-rows', reason);
  };
  /** `timeZone` is the agency's; it applies to stops without a time zone of their own. */
  const finish = (timeZone: string): FeedStops => joinStops({ rows, leftOut, timeZone, problems });
  return { onRow, finish };
};

const isSame = (a: StopRow, b: StopRow): boolean =>
  JSON.stringify({ ...a, line: 0 }) === JSON.stringify({ ...b, line: 0 });

type Fault = { kind: string; fault: string };

const stopOfRow = (row: Row, stopId: StopId, problems: ProblemList): StopRow | Fault => {
  const { line, text } = row;
  const type = locationTypes[wholeNumber(text('location_type') || '0') ?? -1];
  if (!type) return { kind: 'unknown-value', fault: `location_type ${text('location_type')} is unknown` };
  const timeZone = text('stop_timezone') && timeZoneOf(text('stop_timezone'));
  if (timeZone === undefined) {
    const fault = `stop_timezone ${text('stop_timezone')} is not the name of one time zone`;
    return { kind: 'unknown-time-zone', fault };
  }
  const name = nameOf(text('stop_name'));
  const beside = (column: string): string => textBeside(row, column, { file, problems });
  const latin = isName(name) && romanise(name);
  const initials = beside('stop_initials').toUpperCase() || (isName(name) && pinyinInitials(name));
  const city = beside('stop_city');
  const position = positionOf(line, text('stop_lat'), text('stop_lon'), problems);
  const code = beside('stop_code') || stopId;
  const found = { ...(latin && { latin }), ...(initials && { initials }), ...(city && { city }) };
  const stop = { stopId, name, code, ...found, timeZone, ...position };
  return { line, stop, type, parent: text('parent_station'), zoneId: text('zone_id') };
};

const positionOf = (line: number, lat: string, lon: string, problems: ProblemList) => {
  if (lat === '' && lon === '') return {};
  const [latitude, longitude] = [degrees(lat, 90), degrees(lon, 180)];
  if (latitude === undefined || longitude === undefined) {
    const reason = `stop_lat, stop_lon: ${lat}, ${lon} is not a place on earth: the stop has no position`;
    problems.warn({ kind: 'no-position', file, line, reason });
    return {};
  }
  // Feeds write 0, 0 (a place in the Gulf of Guinea) for an unknown position.
  return latitude === 0 && longitude === 0 ? {} : { latitude, longitude };
};

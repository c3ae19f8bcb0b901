import type { Readable } from 'node:stream';
import { any } from '../fares/model.ts';
import type { StopId, TripId } from '../platform/ids.ts';
import type { FareSheet } from './fare-sheet.ts';
import type { ProblemList } from './problems.ts';
import type { Feed } from './read-feed.ts';
import { readTable, type Row } from './read-table.ts';

const required = ['trip', 'from', 'to', 'class', 'amount', 'currency'];

/**
 * Reads the operator's fares: one adult fare per row, with the amount in minor units; each direction has its own row.
 * `trip` is an id, a public name (the fare then applies to every trip of that name) or `*`; stops are ids of the feed.
 */
export const readFaresFile = async (input: {
  file: string;
  stream: Readable;
  feed: Feed;
  classes: ReadonlySet<string>;
  currency: string;
  /** Accepts an amount of 0. */
  allowFree: boolean;
  sheet: FareSheet;
  problems: ProblemList;
}): Promise<void> => {
  const { file, feed, sheet, problems } = input;
  const trips = tripsByName(feed);
  const columns = new Set(required);
  const strange = new Set<string>();
  const onRow = (row: Row): void => {
    for (const column of row.columns) {
      // A spreadsheet may end each row with commas.
      if (columns.has(column) || strange.has(column) || (column.startsWith('(') && row.text(column) === ''))
        continue;
      strange.add(column);
      const reason = `the column ${column} is not one of ${required.join(', ')}: nobody would honour it`;
      problems.refuse({ kind: 'fares', file, line: 1, reason });
    }
    const found = (reason: string) => ({ kind: 'fares', file, line: row.line, reason });
    const report = (reason: string): void => problems.refuse(found(reason));
    // The operator's own file is right, and the feed lacks what it refers to: no reason to refuse both.
    const isLossy = feed.tripCount.leftOut > 0 || feed.stops.leftOut.size > 0;
    const reportUnknown = (reason: string): void =>
      isLossy ? problems.leaveOut('fare', undefined, found(reason)) : report(reason);
    const fare = fareOfRow(row, { ...input, trips }, report, reportUnknown);
    if (!fare) return;
    for (const trip of fare.trips) {
      if (!sheet.set({ ...fare, trip })) {
        report(`trip ${trip} has a fare from ${fare.from} to ${fare.to} in ${fare.cls} already`);
      }
    }
  };
  await readTable({ file, required }, input.stream, problems, onRow);
};

type Fare = { trips: readonly (TripId | '*')[]; from: StopId; to: StopId; cls: string; amount: number };

const fareOfRow = (
  { text }: Row,
  context: {
    feed: Feed;
    classes: ReadonlySet<string>;
    currency: string;
    allowFree: boolean;
    trips: ReadonlyMap<string, readonly (TripId | '*')[]>;
  },
  report: (reason: string) => void,
  reportUnknown: (reason: string) => void,
): Fare | undefined => {
  const trips = context.trips.get(text('trip'));
  const from = stopNamed(context.feed, text('from'));
  const to = stopNamed(context.feed, text('to'));
  const [cls, amount, currency] = [text('class'), minorUnits(text('amount')), text('currency')];
  if (!trips) return void reportUnknown(`there is no trip ${text('trip')}`);
  if (!from) return void reportUnknown(`from: there is no stop ${text('from')}`);
  if (!to) return void reportUnknown(`to: there is no stop ${text('to')}`);
  if (from === to) return void report(`from and to are the same stop ${from}`);
  if (!context.classes.has(cls)) return void report(`no layout has the class ${cls}`);
  if (amount === undefined || (amount === 0 && !context.allowFree)) {
    const hint = amount === 0 ? ' (--allow-free takes 0)' : '';
    return void report(`amount ${text('amount')} is not a whole number above 0, in minor units${hint}`);
  }
  if (currency !== context.currency)
    return void report(`currency ${currency}: this carrier sells in ${context.currency}`);
  return { trips, from, to, cls, amount };
};

/** Only digits: an amount with a point or a sign could be in another unit. */
const minorUnits = (text: string): number | undefined => (/^\d{1,9}$/.test(text) ? Number(text) : undefined);

/** A station is a valid stop if trips call at its platforms, though the feed's trips never name the station. */
const stopNamed = ({ stops }: Feed, stopId: string): StopId | undefined =>
  stops.stops.get(stopId as StopId)?.stopId ?? stops.callAt(stopId);

const tripsByName = ({ trips }: Feed): Map<string, (TripId | '*')[]> => {
  const byName = new Map<string, Set<TripId | '*'>>();
  const add = (name: string, trip: TripId | '*'): void => {
    const ids = byName.get(name);
    if (ids) ids.add(trip);
    else byName.set(name, new Set([trip]));
  };
  for (const { name, tripId } of trips) add(name, tripId);
  // An id is exact: if it is also the public name of other trips, the id decides.
  for (const { tripId } of trips) byName.set(tripId, new Set([tripId]));
  byName.set(any, new Set([any]));
  return new Map([...byName].map(([name, ids]) => [name, [...ids]]));
};

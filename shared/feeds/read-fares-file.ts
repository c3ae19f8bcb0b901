import type { Readable } from 'node:stream';
import { any } from '../fares/model.ts';
import type { StopId, TripId } from '../platform/ids.ts';
import type { FareSheet } from './fare-sheet.ts';
import { wholeNumber } from './fields.ts';
import type { ProblemList } from './problems.ts';
import type { Feed } from './read-feed.ts';
import { readTable, type Row } from './read-table.ts';

const required = ['trip', 'from', 'to', 'class', 'amount', 'currency'];

/**
 * Reads the operator's fares: one adult fare a row, amount in minor units, each direction on a row of its own. `trip`
 * is an id, a public name (then of every trip of that name) or `*`; stops are ids of the feed.
 */
export const readFaresFile = async (input: {
  file: string;
  stream: Readable;
  feed: Feed;
  classes: ReadonlySet<string>;
  currency: string;
  sheet: FareSheet;
  problems: ProblemList;
}): Promise<void> => {
  const { file, feed, sheet, problems } = input;
  const trips = tripsByName(feed);
  const onRow = (row: Row): void => {
    const report = (reason: string): void => problems.report(file, row.line, reason);
    const fare = fareOfRow(row, { ...input, trips }, report);
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
  known: {
    feed: Feed;
    classes: ReadonlySet<string>;
    currency: string;
    trips: ReadonlyMap<string, readonly (TripId | '*')[]>;
  },
  report: (reason: string) => void,
): Fare | undefined => {
  const trips = known.trips.get(text('trip'));
  const from = known.feed.stops.stopOf.get(text('from')) ?? callable(known.feed, text('from'));
  const to = known.feed.stops.stopOf.get(text('to')) ?? callable(known.feed, text('to'));
  const [cls, amount, currency] = [text('class'), wholeNumber(text('amount')), text('currency')];
  if (!trips) return void report(`there is no trip ${text('trip')}`);
  if (!from) return void report(`from: there is no stop ${text('from')}`);
  if (!to) return void report(`to: there is no stop ${text('to')}`);
  if (from === to) return void report(`from and to are the same stop ${from}`);
  if (!known.classes.has(cls)) return void report(`no layout has the class ${cls}`);
  if (!amount) return void report(`amount ${text('amount')} is not a whole number above 0, in minor units`);
  if (currency !== known.currency) return void report(`currency ${currency}: sold is in ${known.currency}`);
  return { trips, from, to, cls, amount };
};

/** A station whose platforms trips call at is a stop, though the feed's trips never name it. */
const callable = ({ stops }: Feed, stopId: string): StopId | undefined =>
  stops.stops.get(stopId as StopId)?.stopId;

const tripsByName = ({ trips }: Feed): Map<string, (TripId | '*')[]> => {
  const byName = new Map<string, Set<TripId | '*'>>();
  const add = (name: string, trip: TripId | '*'): void => {
    const known = byName.get(name);
    if (known) known.add(trip);
    else byName.set(name, new Set([trip]));
  };
  for (const { name, tripId } of trips) add(name, tripId);
  // An id is exact: where it is also the name of others, the id counts.
  for (const { tripId } of trips) byName.set(tripId, new Set([tripId]));
  byName.set(any, new Set([any]));
  return new Map([...byName].map(([name, ids]) => [name, [...ids]]));
};

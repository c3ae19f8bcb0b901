import { fareItems } from '../fares/store.ts';
import type { Item } from '../platform/dynamo.ts';
import { bytesOfItem, itemBytesMax } from '../platform/item-size.ts';
import type { Layout, Trip, Version } from '../timetable/model.ts';
import { runOf } from '../timetable/rules.ts';
import { packRun } from '../timetable/store.ts';
import { contentsOf, type KeptStop, type VersionRows } from '../timetable/version-store.ts';
import type { FareSheet } from './fare-sheet.ts';
import type { ProblemList } from './problems.ts';
import { tripsTable } from './read-trips.ts';

/** What an item has beside the part that is measured here: keys, state and date of deletion. */
const frameBytes = 2048;
const bytesMax = itemBytesMax - frameBytes;

const tooLarge = (bytes: number): string =>
  `takes ${Math.ceil(bytes / 1024)} KB, and the database keeps at most ${bytesMax / 1024} KB together`;

const files = {
  stops: 'stops.txt',
  layout: 'layouts.json',
  trips: tripsTable.file,
  calls: 'stop_times.txt',
  ways: 'stop_times.txt',
} as const;

/** Refuses a version of which an item would be too large, before the first of them is written. */
export const checkItems = (items: readonly Item[], problems: ProblemList): void => {
  for (const item of items) {
    const bytes = bytesOfItem(item);
    if (bytes <= bytesMax) continue;
    const { kind, ids } = contentsOf(item);
    const reason = `what passengers read of ${ids.join(', ')} ${tooLarge(bytes)}`;
    problems.refuse({ kind: 'too-large', file: files[kind], reason });
  }
};

/** Leaves out the fares of a pair that are too many for one item. */
export const leaveOutLargeFares = (sheet: FareSheet, file: string, problems: ProblemList): void => {
  for (const pair of sheet.pairs()) {
    const [item = {}] = fareItems('', { pairs: [pair], rate: undefined });
    const bytes = bytesOfItem(item);
    if (bytes <= bytesMax) continue;
    sheet.drop(pair.from, pair.to);
    const trips = Object.keys(pair.fares.byTrip).length;
    const reason = `from ${pair.from} to ${pair.to}, ${trips} trips have fares of their own, which ${tooLarge(bytes)}`;
    problems.leaveOut('fare', undefined, { kind: 'too-large', file, reason });
  }
};

/**
 * Refuses a version with a run that its first order could not freeze: all names of the run, in all languages, then lie
 * in one item.
 */
export const checkRuns = (
  { trips, stops, layouts }: Pick<VersionRows, 'trips' | 'stops' | 'layouts'>,
  version: Version,
  problems: ProblemList,
): void => {
  const byId = {
    stops: new Map(stops.map((stop) => [stop.stopId, stop])),
    layouts: new Map(layouts.map((layout) => [layout.layoutId, layout])),
  };
  const isSurelySmall = surelySmall(stops, layouts);
  for (const trip of trips) {
    if (isSurelySmall(trip)) continue;
    const run = runOf({ trip, serviceDate: version.lastDate, version, ...byId });
    const bytes = packRun(run).length;
    if (bytes <= bytesMax) continue;
    const reason = `a run of trip ${trip.tripId}, with its seats and the names of its stops, ${tooLarge(bytes)}`;
    problems.refuse({ kind: 'too-large', file: tripsTable.file, reason });
  }
};

/** Times, distance and keys of a call, as text. */
const callBytes = 250;

/** Few runs need to be packed to know that they fit: without compression, they weigh the sum of their texts. */
const surelySmall = (stops: readonly KeptStop[], layouts: readonly Layout[]) => {
  const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
  const ofStop = new Map(
    stops.map(({ stopId, name, names }) => [stopId, callBytes + bytes([stopId, name, names])]),
  );
  const ofLayout = new Map(layouts.map((layout) => [layout.layoutId, bytes(layout)]));
  return ({ calls, layoutId, name, names, headsign }: Trip): boolean =>
    calls.reduce(
      (sum, call) => sum + (ofStop.get(call.stopId) ?? 0) + (call.headsign ? bytes(call.headsign) : 0),
      (ofLayout.get(layoutId) ?? 0) + bytes([name, names, headsign]),
    ) <= bytesMax;
};

import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { readAll } from '../platform/batch-read.ts';
import type { Item, Table } from '../platform/dynamo.ts';
import { stopIdSchema, type StopId, type TripId } from '../platform/ids.ts';
import { queryAll } from '../platform/query-all.ts';
import { rememberRecent } from '../platform/remember.ts';
import { layoutSchema, stopSchema, type Layout, type StopCall, type Trip, type Version } from './model.ts';
import {
  packCalls,
  packedBytes,
  packJson,
  packTrips,
  unpackCalls,
  unpackJson,
  unpackTrips,
} from './packed.ts';
import { escapeTripId } from './run-id.ts';
import { rowsOf } from '../platform/version-id.ts';

/*
 * Table `Timetable`, the rows of a version of the feed:
 *   v#<rows>            stops#<n> | layout#<id>
 *   v#<rows>#stop#<id>  calls#<n>          all calls at a stop, packed
 *   v#<rows>#trips#<n>  trips              whole trips, spread over buckets by their id
 * Nothing ever changes these rows, so every process remembers what it has read; it reads consistently, so that it never
 * remembers a gap. The rows matter from the moment when store.ts puts their version in force.
 */
const versionKey = (version: string): string => `v#${rowsOf(version)}`;
const stopKey = (version: string, stopId: StopId): string => `${versionKey(version)}#stop#${stopId}`;
const bucketKey = (version: string, bucket: number): string => `${versionKey(version)}#trips#${bucket}`;
const ordinal = (n: number): string => String(n).padStart(5, '0');

/** A stored stop: with the number of calls at it, and the ids of its platforms, which all mean this stop. */
export const keptStopSchema = stopSchema.extend({
  calls: z.int().nonnegative(),
  platforms: z.array(stopIdSchema).optional(),
});
export type KeptStop = z.infer<typeof keptStopSchema>;

export type Stops = {
  all: readonly KeptStop[];
  /** By the stop's own id and by the ids of its platforms. */
  byId: ReadonlyMap<StopId, KeptStop>;
};

const recentStops = rememberRecent<Stops>(50_000, ({ all }) => all.length);
const recentLayouts = rememberRecent<Map<string, Layout>>(5000, (layouts) => layouts.size);
const recentCalls = rememberRecent<StopCall[]>(100_000, (calls) => calls.length + 1);
const recentTrips = rememberRecent<Trip[]>(100_000, (trips) =>
  trips.reduce((weight, { calls }) => weight + calls.length, 1),
);

/** All stops of a version. */
export const readStops = (timetable: Table, { version }: Version): Promise<Stops> =>
  recentStops(rowsOf(version), async () => {
    const items = await queryAll(timetable, versionKey(version), 'stops#', { consistent: true });
    const all = items.flatMap((item) => z.array(keptStopSchema).parse(unpackJson(packedBytes(item))));
    return stopsOf(all);
  });

export const stopsOf = (all: readonly KeptStop[]): Stops => {
  const byId = new Map<StopId, KeptStop>();
  for (const stop of all) for (const platform of stop.platforms ?? []) byId.set(platform, stop);
  for (const stop of all) byId.set(stop.stopId, stop);
  return { all, byId };
};

export const readLayouts = (timetable: Table, version: string): Promise<Map<string, Layout>> =>
  recentLayouts(rowsOf(version), async () => {
    const items = await queryAll(timetable, versionKey(version), 'layout#', { consistent: true });
    return new Map(
      items.map((item) => {
        const layout = layoutSchema.parse(unpackJson(packedBytes(item)));
        return [layout.layoutId, layout];
      }),
    );
  });

/** All calls at a stop, by any trip on any day. */
export const readCalls = (timetable: Table, { version }: Version, stopId: StopId): Promise<StopCall[]> =>
  recentCalls(stopKey(version, stopId), async () => {
    const items = await queryAll(timetable, stopKey(version, stopId), 'calls#', { consistent: true });
    return items.flatMap((item) => unpackCalls(packedBytes(item)));
  });

/** FNV-1a: assigns a trip to the same bucket for ever (source: Fowler, Noll, Vo). */
const bucketOf = (tripId: TripId, startTime: string | undefined, buckets: number): number => {
  let hash = 0x811c9dc5;
  for (const character of `${escapeTripId(tripId)}~${startTime ?? ''}`) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  }
  return hash % buckets;
};

/** A trip of a version; undefined if none has that id and start time. */
export const readTrip = async (
  timetable: Table,
  { version, tripBuckets }: Version,
  tripId: TripId,
  startTime: string | undefined,
): Promise<Trip | undefined> => {
  const key = bucketKey(version, bucketOf(tripId, startTime, tripBuckets));
  const trips = await recentTrips(key, async () => {
    const { Item } = await timetable.client.send(
      new GetCommand({ TableName: timetable.name, Key: { pk: key, sk: 'trips' }, ConsistentRead: true }),
    );
    return Item ? unpackTrips(packedBytes(Item)) : [];
  });
  return trips.find((trip) => trip.tripId === tripId && trip.startTime === startTime);
};

/** All trips of a version, for an operator: a search reads calls, and a sale one trip. */
export const readTrips = async (timetable: Table, { version, tripBuckets }: Version): Promise<Trip[]> => {
  const keys = Array.from({ length: tripBuckets }, (_, n) => ({ pk: bucketKey(version, n), sk: 'trips' }));
  return (await readAll(timetable, keys)).flatMap((item) => unpackTrips(packedBytes(item)));
};

/** The number of stops and calls per item: about 100 KB packed at worst, a quarter of DynamoDB's limit. */
const stopsPerItem = 2000;
const callsPerItem = 3000;
const tripsPerBucket = 12;

const inGroups = <Value>(values: readonly Value[], size: number): Value[][] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, n) => values.slice(n * size, (n + 1) * size));

export const tripBucketsFor = (trips: number): number => Math.max(1, Math.ceil(trips / tripsPerBucket));

export type VersionRows = {
  stops: readonly KeptStop[];
  layouts: readonly Layout[];
  trips: readonly Trip[];
  callsAt: ReadonlyMap<StopId, readonly StopCall[]>;
};

/** Makes the items of a version one at a time, as the caller writes them. */
export function* versionItems({ version, tripBuckets }: Version, rows: VersionRows): Generator<Item> {
  for (const [n, stops] of inGroups(rows.stops, stopsPerItem).entries()) {
    yield { pk: versionKey(version), sk: `stops#${ordinal(n)}`, packed: packJson(stops) };
  }
  for (const layout of rows.layouts) {
    yield { pk: versionKey(version), sk: `layout#${layout.layoutId}`, packed: packJson(layout) };
  }
  const buckets = new Map<number, Trip[]>();
  for (const trip of rows.trips) {
    const bucket = bucketOf(trip.tripId, trip.startTime, tripBuckets);
    buckets.set(bucket, [...(buckets.get(bucket) ?? []), trip]);
  }
  for (const [bucket, trips] of buckets) {
    yield { pk: bucketKey(version, bucket), sk: 'trips', packed: packTrips(trips) };
  }
  for (const [stopId, calls] of rows.callsAt) {
    for (const [n, group] of inGroups(calls, callsPerItem).entries()) {
      yield { pk: stopKey(version, stopId), sk: `calls#${ordinal(n)}`, packed: packCalls(group) };
    }
  }
}

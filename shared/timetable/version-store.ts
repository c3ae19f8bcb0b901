import * as z from 'zod';
import { readAll } from '../platform/batch-read.ts';
import type { Item, Table } from '../platform/dynamo.ts';
import { stopIdSchema, type StopId, type TripId } from '../platform/ids.ts';
import { queryAll } from '../platform/query-all.ts';
import { rememberRecent } from '../platform/remember.ts';
import {
  layoutSchema,
  stopSchema,
  transferTimeSchema,
  type Layout,
  type StopCall,
  type Trip,
  type Version,
  type Way,
} from './model.ts';
import {
  packCalls,
  packedBytes,
  packJson,
  packTrips,
  unpackCalls,
  unpackJson,
  unpackTrips,
} from './packed.ts';
import { packWays, unpackWays } from './packed-ways.ts';
import { escapeTripId } from './run-id.ts';
import { rowsOf } from '../platform/version-id.ts';

/*
 * Table `Timetable`, the rows of a version of the feed:
 *   v#<rows>            stops#<n> | layout#<id>
 *   v#<rows>#stop#<id>  calls#<n>          all calls at a stop, packed
 *   v#<rows>#stop#<id>  ways#<n>           the stops to and from which rides lead, packed
 *   v#<rows>#trips#<n>  trips | trips#<n>  whole trips, spread over buckets by their id
 * Nothing ever changes these rows, so every process remembers what it has read; it reads consistently, so that it never
 * remembers a gap. The rows matter from the moment when store.ts puts their version in force.
 */
const versionKey = (version: string): string => `v#${rowsOf(version)}`;
const stopKey = (version: string, stopId: StopId): string => `${versionKey(version)}#stop#${stopId}`;
const bucketKey = (version: string, bucket: number): string => `${versionKey(version)}#trips#${bucket}`;
type Kind = 'stops' | 'calls' | 'ways' | 'trips';
/** The first part of a bucket needs no number: hardly any has a second. */
const partKey = (kind: Kind, n: number): string =>
  kind === 'trips' && n === 0 ? kind : `${kind}#${String(n).padStart(5, '0')}`;

/**
 * A stored stop: with the number of calls at it, the ids of its platforms, which all mean this stop, and the time that a
 * change takes if the feed says it.
 */
export const keptStopSchema = stopSchema.extend({
  calls: z.int().nonnegative(),
  platforms: z.array(stopIdSchema).optional(),
  transfer: transferTimeSchema.optional(),
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
const recentWays = rememberRecent<Way[]>(100_000, (ways) => ways.length + 1);
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

/** The stops to and from which rides lead from a stop; none in versions of earlier releases. */
export const readWays = (timetable: Table, { version }: Version, stopId: StopId): Promise<Way[]> =>
  recentWays(stopKey(version, stopId), async () => {
    const items = await queryAll(timetable, stopKey(version, stopId), 'ways#', { consistent: true });
    return items.flatMap((item) => unpackWays(packedBytes(item)));
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
    const items = await queryAll(timetable, key, 'trips', { consistent: true });
    return items.flatMap((item) => unpackTrips(packedBytes(item)));
  });
  return trips.find((trip) => trip.tripId === tripId && trip.startTime === startTime);
};

/** All trips of a version, for an operator: a search reads calls, and a sale one trip. */
export const readTrips = async (timetable: Table, { version, tripBuckets }: Version): Promise<Trip[]> => {
  const keys = Array.from({ length: tripBuckets }, (_, n) => ({
    pk: bucketKey(version, n),
    sk: partKey('trips', 0),
  }));
  const first = await readAll(timetable, keys);
  const others = first.flatMap(({ pk, parts = 1 }) =>
    Array.from({ length: Number(parts) - 1 }, (_, n) => ({ pk, sk: partKey('trips', n + 1) })),
  );
  return [...first, ...(await readAll(timetable, others))].flatMap((item) => unpackTrips(packedBytes(item)));
};

/** The number of stops and calls per item: about 100 KB packed as a rule, a quarter of DynamoDB's limit. */
const stopsPerItem = 2000;
const callsPerItem = 3000;
const waysPerItem = 10_000;
const tripsPerBucket = 12;

const inGroups = <Value>(values: readonly Value[], size: number): Value[][] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, n) => values.slice(n * size, (n + 1) * size));

/** Names in many languages, and service days of many years, make items larger. DynamoDB takes 400 KB with the keys. */
const packedBytesMax = 350_000;

/** Packs values into as few items as they fit in. A value that is too large alone stays alone. */
function* packedParts<Value>(
  values: readonly Value[],
  pack: (part: readonly Value[]) => Uint8Array,
): Generator<Uint8Array> {
  const packed = pack(values);
  if (packed.length <= packedBytesMax || values.length < 2) return yield packed;
  const half = Math.ceil(values.length / 2);
  yield* packedParts(values.slice(0, half), pack);
  yield* packedParts(values.slice(half), pack);
}

/** Items of one key that say how many they are: groups of so many values, and more where those would be too large. */
function* packedItems<Value>(
  pk: string,
  kind: Kind,
  groups: readonly (readonly Value[])[],
  pack: (part: readonly Value[]) => Uint8Array,
): Generator<Item> {
  const parts = groups.flatMap((group) => [...packedParts(group, pack)]);
  for (const [n, packed] of parts.entries()) yield { pk, sk: partKey(kind, n), parts: parts.length, packed };
}

export const tripBucketsFor = (trips: number): number => Math.max(1, Math.ceil(trips / tripsPerBucket));

export type VersionRows = {
  stops: readonly KeptStop[];
  layouts: readonly Layout[];
  trips: readonly Trip[];
  callsAt: ReadonlyMap<StopId, readonly StopCall[]>;
  /** Without them, nobody finds a connection. */
  waysOf?: ReadonlyMap<StopId, readonly Way[]>;
};

/** Makes the items of a version one at a time, as the caller writes them. */
export function* versionItems({ version, tripBuckets }: Version, rows: VersionRows): Generator<Item> {
  yield* packedItems(versionKey(version), 'stops', inGroups(rows.stops, stopsPerItem), packJson);
  for (const layout of rows.layouts) {
    yield { pk: versionKey(version), sk: `layout#${layout.layoutId}`, packed: packJson(layout) };
  }
  const buckets = new Map<number, Trip[]>();
  for (const trip of rows.trips) {
    const bucket = bucketOf(trip.tripId, trip.startTime, tripBuckets);
    buckets.set(bucket, [...(buckets.get(bucket) ?? []), trip]);
  }
  for (const [bucket, trips] of buckets) {
    yield* packedItems(bucketKey(version, bucket), 'trips', [trips], packTrips);
  }
  for (const [stopId, calls] of rows.callsAt) {
    yield* packedItems(stopKey(version, stopId), 'calls', inGroups(calls, callsPerItem), packCalls);
  }
  for (const [stopId, ways] of rows.waysOf ?? []) {
    yield* packedItems(stopKey(version, stopId), 'ways', inGroups(ways, waysPerItem), packWays);
  }
}

/** What an item of a version is about: the ids of its stops or trips, of its layout, or of the stop of its calls or ways. */
export const contentsOf = (item: Item): { kind: Kind | 'layout'; ids: string[] } => {
  const [kind, id = ''] = String(item['sk']).split('#');
  if (kind === 'layout') return { kind, ids: [id] };
  if (kind === 'calls' || kind === 'ways')
    return { kind, ids: [String(item['pk']).split('#stop#')[1] ?? ''] };
  const bytes = packedBytes(item);
  if (kind === 'trips') return { kind, ids: unpackTrips(bytes).map(({ tripId }) => tripId) };
  const stops = z.array(keptStopSchema).parse(unpackJson(bytes));
  return { kind: 'stops', ids: stops.map(({ stopId }) => stopId) };
};

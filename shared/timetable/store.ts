import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { conditionally, type Item, type Table } from '../platform/dynamo.ts';
import { stopIdSchema, type RunId, type ServiceDate, type StopId, type TripId } from '../platform/ids.ts';
import { rememberRecent } from '../platform/remember.ts';
import {
  layoutSchema,
  runSchema,
  salesSchema,
  stopSchema,
  versionSchema,
  type Layout,
  type Run,
  type Sales,
  type StopCall,
  type Trip,
  type Version,
} from './model.ts';
import { packCalls, packJson, packTrips, unpackCalls, unpackJson, unpackTrips } from './packed.ts';
import { runOf, runsOn } from './rules.ts';
import { escapeTripId, parseRunId } from './run-id.ts';

/*
 * Table `Timetable`, keys of this module:
 *   timetable              version | sales    what is in force, and the dates on sale
 *   v#<version>            stops#<n> | layout#<id>
 *   v#<version>#stop#<id>  calls#<n>          all calls at a stop, packed
 *   v#<version>#trips#<n>  trips              whole trips, spread over buckets by their id
 *   frozen#<date>          <runId>            runs that an order has touched, as they were then
 * The rows of a version are never changed. They matter from the moment that `timetable/version` names it.
 */
const stateKey = 'timetable';
const versionKey = (version: string): string => `v#${version}`;
const stopKey = (version: string, stopId: StopId): string => `v#${version}#stop#${stopId}`;
const bucketKey = (version: string, bucket: number): string => `v#${version}#trips#${bucket}`;
const frozenKey = (date: ServiceDate): string => `frozen#${date}`;
const ordinal = (n: number): string => String(n).padStart(5, '0');

const packedItem = z.object({ packed: z.instanceof(Uint8Array) });
const unpacked = (item: Item): unknown => unpackJson(packedItem.parse(item).packed);

const readAll = async ({ client, name }: Table, pk: string, skPrefix?: string): Promise<Item[]> => {
  const items: Item[] = [];
  let start: Item | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: name,
        KeyConditionExpression: skPrefix ? 'pk = :pk AND begins_with(sk, :prefix)' : 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk, ...(skPrefix && { ':prefix': skPrefix }) },
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start);
  return items;
};

// ── What is in force ──────────────────────────────────────────────────────────────────────────────────────────────

export type TimetableState = { version: Version | undefined; sales: Sales | undefined };

/** One hot key that every search needs: each process reads it once a second at most. */
const stateAgeMaxMilliseconds = 1000;
const states = new WeakMap<
  Table['client'],
  Map<string, { readAt: number; state: Promise<TimetableState> }>
>();

const forgetState = (timetable: Table): void => {
  states.get(timetable.client)?.delete(timetable.name);
};

const readStateAfresh = async (timetable: Table): Promise<TimetableState> => {
  const items = await readAll(timetable, stateKey);
  const [sales, version] = ['sales', 'version'].map((sk) => items.find((item) => item['sk'] === sk));
  return { version: version && versionSchema.parse(version), sales: sales && salesSchema.parse(sales) };
};

/** The version in force and the dates on sale, up to a second old. */
export const readState = (timetable: Table): Promise<TimetableState> => {
  const ofClient = states.get(timetable.client) ?? new Map<string, never>();
  states.set(timetable.client, ofClient);
  const known = ofClient.get(timetable.name);
  if (known && performance.now() - known.readAt < stateAgeMaxMilliseconds) return known.state;
  const state = readStateAfresh(timetable);
  ofClient.set(timetable.name, { readAt: performance.now(), state });
  state.catch(() => forgetState(timetable));
  return state;
};

export const readSales = async (timetable: Table): Promise<Sales | undefined> =>
  (await readState(timetable)).sales;

const putState = async (timetable: Table, sk: 'version' | 'sales', value: Item): Promise<void> => {
  await timetable.client.send(
    new PutCommand({ TableName: timetable.name, Item: { ...value, pk: stateKey, sk } }),
  );
  forgetState(timetable);
};

/** Puts a version whose rows are all written in force: the one write that makes an import happen. */
export const putVersion = (timetable: Table, version: Version): Promise<void> =>
  putState(timetable, 'version', versionSchema.parse(version));

export const putSales = (timetable: Table, sales: Sales): Promise<void> =>
  putState(timetable, 'sales', salesSchema.parse(sales));

// ── Rows of a version ─────────────────────────────────────────────────────────────────────────────────────────────

/** A stop as kept: with how often it is called at, and the ids of its platforms, which stand for it. */
export const keptStopSchema = stopSchema.extend({
  calls: z.int().nonnegative(),
  platforms: z.array(stopIdSchema).optional(),
});
export type KeptStop = z.infer<typeof keptStopSchema>;

export type Stops = {
  all: readonly KeptStop[];
  /** By the stop's own id or by that of one of its platforms. */
  byId: ReadonlyMap<StopId, KeptStop>;
};

const recentStops = rememberRecent<Stops>(50_000, ({ all }) => all.length);
const recentLayouts = rememberRecent<Map<string, Layout>>(5000, (layouts) => layouts.size);
const recentCalls = rememberRecent<StopCall[]>(100_000, (calls) => calls.length + 1);
const recentTrips = rememberRecent<Trip[]>(5000, (trips) => trips.length + 1);

/** All stops of a version. */
export const readStops = (timetable: Table, { version }: Version): Promise<Stops> =>
  recentStops(version, async () => {
    const items = await readAll(timetable, versionKey(version), 'stops#');
    const all = items.flatMap((item) => z.array(keptStopSchema).parse(unpacked(item)));
    const byId = new Map<StopId, KeptStop>();
    for (const stop of all) for (const platform of stop.platforms ?? []) byId.set(platform, stop);
    for (const stop of all) byId.set(stop.stopId, stop);
    return { all, byId };
  });

export const readLayouts = (timetable: Table, version: string): Promise<Map<string, Layout>> =>
  recentLayouts(version, async () => {
    const items = await readAll(timetable, versionKey(version), 'layout#');
    return new Map(
      items.map((item) => {
        const layout = layoutSchema.parse(unpacked(item));
        return [layout.layoutId, layout];
      }),
    );
  });

/** All calls at a stop, by any trip on any day. */
export const readCalls = (timetable: Table, { version }: Version, stopId: StopId): Promise<StopCall[]> =>
  recentCalls(`${version} ${stopId}`, async () => {
    const items = await readAll(timetable, stopKey(version, stopId), 'calls#');
    return items.flatMap((item) => unpackCalls(packedItem.parse(item).packed));
  });

/** FNV-1a: spreads trips over buckets in the same way for ever (source: Fowler, Noll, Vo). */
const bucketOf = (tripId: TripId, startTime: string | undefined, buckets: number): number => {
  let hash = 0x811c9dc5;
  for (const character of `${escapeTripId(tripId)}~${startTime ?? ''}`) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  }
  return hash % buckets;
};

const readTrip = async (
  timetable: Table,
  { version, tripBuckets }: Version,
  tripId: TripId,
  startTime: string | undefined,
): Promise<Trip | undefined> => {
  const key = bucketKey(version, bucketOf(tripId, startTime, tripBuckets));
  const trips = await recentTrips(key, async () => {
    const { Item } = await timetable.client.send(
      new GetCommand({ TableName: timetable.name, Key: { pk: key, sk: 'trips' } }),
    );
    return Item ? unpackTrips(packedItem.parse(Item).packed) : [];
  });
  return trips.find((trip) => trip.tripId === tripId && trip.startTime === startTime);
};

/** How many stops and calls an item takes: about 100 KB packed at worst, a quarter of DynamoDB's limit. */
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

/** The items of a version, made one after the other as they are written. */
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

// ── Runs ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A run as a version has it, whether frozen or not; undefined where its trip does not run that day. */
export const readRunOfVersion = async (
  timetable: Table,
  version: Version,
  runId: RunId,
): Promise<Run | undefined> => {
  const parts = parseRunId(runId);
  if (!parts) return undefined;
  const { tripId, serviceDate, startTime } = parts;
  const trip = await readTrip(timetable, version, tripId, startTime);
  if (!trip || !runsOn(trip.days, version, serviceDate)) return undefined;
  const [stops, layouts] = await Promise.all([
    readStops(timetable, version),
    readLayouts(timetable, version.version),
  ]);
  const layout = layouts.get(trip.layoutId);
  if (!layout) throw new Error(`version ${version.version} lacks the layout ${trip.layoutId}`);
  return runOf({
    trip,
    serviceDate,
    version,
    layout,
    stopOf: (stopId) => {
      const stop = stops.byId.get(stopId);
      if (!stop) throw new Error(`version ${version.version} lacks the stop ${stopId}`);
      return stop;
    },
  });
};

const runOfItem = (item: Item): Run => {
  const packed = unpacked(item);
  return runSchema.parse({ ...(packed as object), state: item['state'] });
};

/** The run as the first order that touched it froze it; undefined while none has. */
export const readFrozenRun = async (
  timetable: Table,
  runId: RunId,
  { consistent = false }: { consistent?: boolean } = {},
): Promise<Run | undefined> => {
  const parts = parseRunId(runId);
  if (!parts) return undefined;
  const { Item } = await timetable.client.send(
    new GetCommand({
      TableName: timetable.name,
      Key: { pk: frozenKey(parts.serviceDate), sk: runId },
      ConsistentRead: consistent,
    }),
  );
  return Item && runOfItem(Item);
};

/** The runs of a service date that orders have touched. */
export const readFrozenRunsOf = async (timetable: Table, date: ServiceDate): Promise<Run[]> =>
  (await readAll(timetable, frozenKey(date))).map(runOfItem);

/** The run as it is sold: frozen, or else as the version in force has it; undefined where it does not run. */
export const readRun = async (timetable: Table, runId: RunId): Promise<Run | undefined> => {
  const frozen = await readFrozenRun(timetable, runId);
  if (frozen) return frozen;
  const { version } = await readState(timetable);
  return version && readRunOfVersion(timetable, version, runId);
};

/** Freezes a run under its id, once: answers the one that stands, which may be another's of an earlier version. */
export const freezeRun = async (timetable: Table, run: Run): Promise<Run> => {
  const { state, ...rest } = runSchema.parse(run);
  const result = await conditionally(
    timetable.client.send(
      new PutCommand({
        TableName: timetable.name,
        Item: {
          pk: frozenKey(run.serviceDate),
          sk: run.runId,
          state,
          version: run.version,
          packed: packJson(rest),
        },
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    ),
  );
  if (result.outcome === 'written') return run;
  if (!result.found) throw new Error(`the run ${run.runId} is frozen, yet did not come back`);
  return runOfItem(result.found);
};

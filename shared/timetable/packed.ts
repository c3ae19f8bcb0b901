import * as z from 'zod';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { stopIdSchema, tripIdSchema } from '../platform/ids.ts';
import { labelSchema, type Label } from '../platform/languages.ts';
import { startTimeSchema, type ServiceDays, type StopCall, type Trip, type TripCall } from './model.ts';

/**
 * The format of lists in items: compressed JSON that writes repeating values (names, layouts, service days) once and
 * refers to them by number. A call of a real feed takes about 20 bytes in it, and 200 as an item of its own.
 */
export const packJson = (value: unknown): Uint8Array => deflateRawSync(JSON.stringify(value));

/** Returns `unknown`: every caller applies a schema. */
export const unpackJson = (bytes: Uint8Array): unknown => JSON.parse(inflateRawSync(bytes).toString('utf8'));

const packedItem = z.object({ packed: z.instanceof(Uint8Array) });

/** The packed part of an item. */
export const packedBytes = (item: unknown): Uint8Array => packedItem.parse(item).packed;

const boardingFlag = 1;
const alightingFlag = 2;
/** Means an unknown distance, because JSON has no `undefined`. */
const unknownMetres = -1;

const flagsOf = (call: Pick<TripCall, 'boarding' | 'alighting'>): number =>
  (call.boarding ? boardingFlag : 0) + (call.alighting ? alightingFlag : 0);

const flagged = (flags: number) => ({
  boarding: (flags & boardingFlag) !== 0,
  alighting: (flags & alightingFlag) !== 0,
});

const measured = (metres: number) => (metres === unknownMetres ? {} : { metres });

const startTimeField = (startTime: string) => (startTime === '' ? {} : { startTime });

/** A dictionary under construction: each distinct value once, with its place. */
const dictionary = <Value>(textOf: (value: Value) => string) => {
  const places = new Map<string, number>();
  const memo = new Map<Value, number>();
  const placeOf = (value: Value): number => {
    const placed = memo.get(value);
    if (placed !== undefined) return placed;
    const text = textOf(value);
    const place = places.get(text) ?? places.size;
    places.set(text, place);
    memo.set(value, place);
    return place;
  };
  return { placeOf, texts: () => [...places.keys()] };
};

const plain = (text: string): string => text;
const json = (value: Label): string => JSON.stringify(value);
const labelOf = (text: string): Label => labelSchema.parse(JSON.parse(text));

const headed = (headsign: Label | undefined) => (headsign ? { headsign } : {});
const noRoute = -1;
const routed = (routeId: string | undefined) => (routeId === undefined ? {} : { routeId });
const named = ({ text, names }: Label) => ({ name: text, ...(names && { names }) });
const base64 = (days: ServiceDays): string => Buffer.from(days).toString('base64');

const entryOf = <Value>(values: readonly Value[], place: number): Value => {
  const value = values[place];
  if (value === undefined) throw new RangeError(`a packed list points to entry ${place}, which it lacks`);
  return value;
};

const whole = z.int().nonnegative();
const startSchema = z.union([z.literal(''), startTimeSchema]);

const packedCallsSchema = z.object({
  /** Names of trips, and their headsigns, each as JSON of a label. */
  labels: z.array(z.string()),
  layouts: z.array(z.string()),
  days: z.array(z.base64()),
  /** Trip, start time, name, layout, days, index, count of stops, arrival, departure, flags, metres, headsign. */
  calls: z.array(
    z.tuple([
      tripIdSchema,
      startSchema,
      whole,
      whole,
      whole,
      whole,
      whole,
      whole,
      whole,
      whole,
      z.int(),
      whole.optional(),
    ]),
  ),
  /** The routes, and the place in them of each call's route. Versions of earlier releases lack both. */
  routes: z.array(z.string()).optional(),
  routeOf: z.array(z.int()).optional(),
});

export const packCalls = (calls: readonly StopCall[]): Uint8Array => {
  const [labels, layouts, days] = [dictionary(json), dictionary(plain), dictionary(base64)];
  const rows = calls.map((call) => [
    call.tripId,
    call.startTime ?? '',
    labels.placeOf({ text: call.name, ...(call.names && { names: call.names }) }),
    layouts.placeOf(call.layoutId),
    days.placeOf(call.days),
    call.index,
    call.stopCount,
    call.arrives,
    call.departs,
    flagsOf(call),
    call.metres ?? unknownMetres,
    ...(call.headsign ? [labels.placeOf(call.headsign)] : []),
  ]);
  const routes = dictionary(plain);
  const routeOf = calls.map(({ routeId }) => (routeId === undefined ? noRoute : routes.placeOf(routeId)));
  return packJson({
    labels: labels.texts(),
    layouts: layouts.texts(),
    days: days.texts(),
    calls: rows,
    routes: routes.texts(),
    routeOf,
  });
};

export const unpackCalls = (bytes: Uint8Array): StopCall[] => {
  const packed = packedCallsSchema.parse(unpackJson(bytes));
  const days = packed.days.map((text) => Buffer.from(text, 'base64'));
  const labels = packed.labels.map(labelOf);
  return packed.calls.map((row, at): StopCall => {
    const routeId = packed.routes?.[packed.routeOf?.[at] ?? noRoute];
    const [tripId, startTime, name, layout, day, index, stopCount, arrives, departs, flags, metres] = row;
    const headsign = row[11];
    return {
      tripId,
      ...startTimeField(startTime),
      ...named(entryOf(labels, name)),
      ...routed(routeId),
      layoutId: entryOf(packed.layouts, layout),
      days: entryOf(days, day),
      index,
      stopCount,
      arrives,
      departs,
      ...flagged(flags),
      ...measured(metres),
      ...headed(headsign === undefined ? undefined : entryOf(labels, headsign)),
    };
  });
};

const packedTripsSchema = z.object({
  days: z.array(z.base64()),
  stops: z.array(stopIdSchema),
  labels: z.array(z.string()),
  trips: z.array(
    z.object({
      tripId: tripIdSchema,
      startTime: startSchema,
      name: whole,
      headsign: whole.optional(),
      routeId: z.string().optional(),
      layoutId: z.string(),
      days: whole,
      /** Stop, arrival, departure, flags, metres, headsign. */
      calls: z.array(z.tuple([whole, whole, whole, whole, z.int(), whole.optional()])),
    }),
  ),
});

export const packTrips = (trips: readonly Trip[]): Uint8Array => {
  const [stops, days, labels] = [dictionary(plain), dictionary(base64), dictionary(json)];
  const packed = trips.map((trip) => ({
    tripId: trip.tripId,
    startTime: trip.startTime ?? '',
    name: labels.placeOf({ text: trip.name, ...(trip.names && { names: trip.names }) }),
    ...(trip.headsign && { headsign: labels.placeOf(trip.headsign) }),
    ...routed(trip.routeId),
    layoutId: trip.layoutId,
    days: days.placeOf(trip.days),
    calls: trip.calls.map((call) => [
      stops.placeOf(call.stopId),
      call.arrives,
      call.departs,
      flagsOf(call),
      call.metres ?? unknownMetres,
      ...(call.headsign ? [labels.placeOf(call.headsign)] : []),
    ]),
  }));
  return packJson({ days: days.texts(), stops: stops.texts(), labels: labels.texts(), trips: packed });
};

export const unpackTrips = (bytes: Uint8Array): Trip[] => {
  const packed = packedTripsSchema.parse(unpackJson(bytes));
  const labels = packed.labels.map(labelOf);
  const headsignAt = (place: number | undefined) =>
    headed(place === undefined ? undefined : entryOf(labels, place));
  return packed.trips.map(({ tripId, startTime, name, headsign, routeId, layoutId, days, calls }) => ({
    tripId,
    ...startTimeField(startTime),
    ...named(entryOf(labels, name)),
    ...headsignAt(headsign),
    ...routed(routeId),
    layoutId,
    days: Buffer.from(entryOf(packed.days, days), 'base64'),
    calls: calls.map(([stop, arrives, departs, flags, metres, ownHeadsign]) => ({
      stopId: entryOf(packed.stops, stop),
      arrives,
      departs,
      ...flagged(flags),
      ...measured(metres),
      ...headsignAt(ownHeadsign),
    })),
  }));
};

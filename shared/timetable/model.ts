import * as z from 'zod';
import {
  classSchema,
  runIdSchema,
  serviceDateSchema,
  stopIdSchema,
  tripIdSchema,
  type StopId,
  type TripId,
} from '../platform/ids.ts';
import { labelSchema, namesSchema, type Label, type Names } from '../platform/languages.ts';
import { instantSchema } from '../platform/time.ts';

/**
 * A station, terminal or port. `timeZone` is IANA; `latin` is a name of another script in Latin letters, pinyin by
 * syllable for a Chinese name (`bei jing nan`); `initials` are those of its pinyin (`BJN`).
 */
export const stopSchema = z.object({
  stopId: stopIdSchema,
  name: z.string(),
  code: z.string(),
  names: namesSchema.optional(),
  latin: z.string().optional(),
  initials: z.string().optional(),
  city: z.string().optional(),
  timeZone: z.string(),
  latitude: z.number().optional(),
  longitude: z.number().optional(),
});
export type Stop = z.infer<typeof stopSchema>;

/**
 * One coach of a layout. Either numbered rows (from `firstRow`), each with the same seat letters in order from one
 * window to the other; or seats by name; or a number of seats (or standing places) without numbers. `aisleAfter` names
 * the letters with an aisle to their right.
 */
export const coachSchema = z.object({
  coach: z.string().min(1).max(8),
  class: classSchema,
  seats: z.union([
    z.object({
      rows: z.int().min(1).max(200),
      firstRow: z.int().min(1).max(200).default(1),
      letters: z.string().regex(/^[A-Z]{1,12}$/),
      aisleAfter: z
        .string()
        .regex(/^[A-Z]*$/)
        .default(''),
    }),
    z.array(z.string().min(1).max(8)).min(1).max(500),
    z.object({ count: z.int().min(1).max(2000) }),
  ]),
  /** The names of seats for people with special needs, such as `1A`: others get them when nothing else is left. */
  specialNeeds: z.array(z.string().min(1).max(8)).min(1).max(100).optional(),
});
export type Coach = z.infer<typeof coachSchema>;

export const layoutSchema = z.object({
  layoutId: z.string().min(1).max(64),
  coaches: z.array(coachSchema).min(1).max(64),
});
export type Layout = z.infer<typeof layoutSchema>;

/**
 * The longest trip that the system sells. A shard of fifty seats, each sold from stop to stop, then weighs 390 KB;
 * DynamoDB allows 400 KB (docs/adr/0015).
 */
export const callsMax = 280;

/**
 * One call of a run at a stop. `km` is the distance from the run's first stop, if the feed contains enough to know it.
 */
export const runStopSchema = z.object({
  stopId: stopIdSchema,
  name: z.string(),
  names: namesSchema.optional(),
  /** Where the vehicle says it goes from here on, if that differs from the run's. */
  headsign: labelSchema.optional(),
  timeZone: z.string(),
  arrives: instantSchema,
  departs: instantSchema,
  boarding: z.boolean(),
  alighting: z.boolean(),
  km: z.number().optional(),
});
export type RunStop = z.infer<typeof runStopSchema>;

/**
 * A trip on one service date, as it is on sale. The first order that touches it freezes it under its id, so that a
 * later import cannot move the times or seats of a ticket. While no order lives, it may follow a newer version, as its
 * own next generation with its own shards.
 */
export const runSchema = z.object({
  runId: runIdSchema,
  tripId: tripIdSchema,
  /** The public name, such as G1. */
  trip: z.string(),
  tripNames: namesSchema.optional(),
  headsign: labelSchema.optional(),
  /** The feed's `route_id`. */
  routeId: z.string().optional(),
  serviceDate: serviceDateSchema,
  /** The version of the feed from which it was made. */
  version: z.string(),
  stops: z.array(runStopSchema).min(2).max(callsMax),
  layout: layoutSchema,
  state: z.enum(['open', 'closed']),
  /** Stops where it does not call although it was sold: nobody boards or alights there any more. */
  cancelledStops: z.array(stopIdSchema).optional(),
  generation: z.int().positive().default(1),
  /** The number of the change that is under way. This is not a state: the run stays open meanwhile. */
  changing: z.int().positive().optional(),
  /** The number of changes so far, finished or not. */
  changes: z.int().nonnegative().default(0),
});
export type Run = z.infer<typeof runSchema>;

/** A part of a run, from the stop index where a passenger boards to the stop index where the passenger alights. */
export type Stretch = { from: number; to: number };

/** `HHMM` of the first departure, for a trip that frequencies made from another. */
export const startTimeSchema = z.string().regex(/^\d{4}$/);

/** One call of a trip. Times are seconds of the service day and pass 86,400 after midnight; `metres` as `RunStop.km`. */
export const tripCallSchema = z.object({
  stopId: stopIdSchema,
  arrives: z.int().nonnegative(),
  departs: z.int().nonnegative(),
  boarding: z.boolean(),
  alighting: z.boolean(),
  metres: z.int().nonnegative().optional(),
  /** If it differs from the trip's. */
  headsign: labelSchema.optional(),
});
export type TripCall = z.infer<typeof tripCallSchema>;

/** A trip of the timetable in one version of the feed. */
export type Trip = {
  tripId: TripId;
  startTime?: string;
  /** The public name. */
  name: string;
  names?: Names;
  /** Where the vehicle says it goes. */
  headsign?: Label;
  /** The feed's `route_id`; versions of earlier releases lack it. */
  routeId?: string;
  layoutId: string;
  days: ServiceDays;
  calls: TripCall[];
};

/**
 * The days on which a trip runs: bit `n` (lowest first in each byte) is the `n`th day after the version's `firstDate`.
 */
export type ServiceDays = Uint8Array;

/** A trip's call, stored with the stop: everything that a search needs without reading the trip. */
export type StopCall = Omit<TripCall, 'stopId'> &
  Pick<Trip, 'tripId' | 'startTime' | 'name' | 'names' | 'routeId' | 'layoutId' | 'days'> & {
    index: number;
    stopCount: number;
  };

/** The shortest time, in seconds, in which passengers change from one run to another at a stop. */
export const transferTimeSchema = z.union([z.int().nonnegative(), z.literal('impossible')]);
export type TransferTime = z.infer<typeof transferTimeSchema>;

/** Another stop to which a ride leads without a change, and the rides there and back on all days of the version. */
export type Way = { stopId: StopId; there: number; back: number };

/** The version of the timetable that is in force. */
export const versionSchema = z.object({
  version: z.string().min(1),
  importedAt: instantSchema,
  /** The time zone of the feed's times. */
  timeZone: z.string(),
  firstDate: serviceDateSchema,
  lastDate: serviceDateSchema,
  stops: z.int().nonnegative(),
  trips: z.int().nonnegative(),
  /** The number of items over which version-store.ts spreads the trips. */
  tripBuckets: z.int().positive(),
});
export type Version = z.infer<typeof versionSchema>;

/** What an operator opens or closes: a trip by its id or public name, a route by the feed's `route_id`. */
export const saleSubjectSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.enum(['trip', 'route']), id: z.string().min(1) }),
]);
export type SaleSubject = z.infer<typeof saleSubjectSchema>;

/** Dates on which a trip, a route or everything is on sale otherwise than usual; without `until`, from then on. */
export const saleExceptionSchema = z.object({
  subject: saleSubjectSchema,
  sale: z.enum(['open', 'closed']),
  from: serviceDateSchema,
  until: serviceDateSchema.optional(),
});
export type SaleException = z.infer<typeof saleExceptionSchema>;

/**
 * The dates on sale, both included, with exceptions. A date is the local date of departure where the passenger boards.
 * Nothing is on sale if `until` is before `from`. `reached` is a later date that was on sale once: orders may have touched
 * its runs. `revision` counts the changes.
 */
export const salesSchema = z.object({
  from: serviceDateSchema,
  until: serviceDateSchema,
  exceptions: z.array(saleExceptionSchema).optional(),
  reached: serviceDateSchema.optional(),
  revision: z.int().positive().optional(),
});
export type Sales = z.infer<typeof salesSchema>;

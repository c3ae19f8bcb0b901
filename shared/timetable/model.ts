import * as z from 'zod';
import {
  classSchema,
  runIdSchema,
  serviceDateSchema,
  stopIdSchema,
  tripIdSchema,
  type TripId,
} from '../platform/ids.ts';
import { instantSchema } from '../platform/time.ts';

/** A station, terminal or port. `timeZone` is IANA; `initials` are the pinyin initials of a Chinese name (`BJN`). */
export const stopSchema = z.object({
  stopId: stopIdSchema,
  name: z.string(),
  code: z.string(),
  initials: z.string().optional(),
  timeZone: z.string(),
  latitude: z.number().optional(),
  longitude: z.number().optional(),
});
export type Stop = z.infer<typeof stopSchema>;

/**
 * One coach of a layout: numbered rows (from `firstRow`) each with the same seat letters in order from one window to
 * the other, or seats by name, or so many seats (or places to stand) without numbers. `aisleAfter` names the letters that
 * have an aisle at their right.
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
});
export type Coach = z.infer<typeof coachSchema>;

export const layoutSchema = z.object({
  layoutId: z.string().min(1).max(64),
  coaches: z.array(coachSchema).min(1).max(64),
});
export type Layout = z.infer<typeof layoutSchema>;

/** One call of a run at a stop. `km` is the distance from the run's first stop, where the feed lets it be known. */
export const runStopSchema = z.object({
  stopId: stopIdSchema,
  name: z.string(),
  timeZone: z.string(),
  arrives: instantSchema,
  departs: instantSchema,
  boarding: z.boolean(),
  alighting: z.boolean(),
  km: z.number().optional(),
});
export type RunStop = z.infer<typeof runStopSchema>;

/**
 * A trip on one service date, as it is sold. Frozen under its id by the first order that touches it, so that a later
 * import cannot move times or seats under a ticket. While no order lives it may follow a newer version, as the next
 * generation of itself, with shards of its own.
 */
export const runSchema = z.object({
  runId: runIdSchema,
  tripId: tripIdSchema,
  /** The public name, such as G1. */
  trip: z.string(),
  serviceDate: serviceDateSchema,
  /** The version of the feed it was made from. */
  version: z.string(),
  stops: z.array(runStopSchema).min(2).max(60),
  layout: layoutSchema,
  state: z.enum(['open', 'closed']),
  generation: z.int().positive().default(1),
  /** The number of the change that is under way. Not a state: the run is open all the while. */
  changing: z.int().positive().optional(),
  /** How many changes have begun. */
  changes: z.int().nonnegative().default(0),
});
export type Run = z.infer<typeof runSchema>;

/** A stretch of a run from the stop where one boards to the stop where one alights, by stop index. */
export type Stretch = { from: number; to: number };

/** `HHMM` of the first departure, for a trip that frequencies made out of another. */
export const startTimeSchema = z.string().regex(/^\d{4}$/);

/** One call of a trip. Times are seconds of the service day and pass 86,400 after midnight; `metres` as `RunStop.km`. */
export const tripCallSchema = z.object({
  stopId: stopIdSchema,
  arrives: z.int().nonnegative(),
  departs: z.int().nonnegative(),
  boarding: z.boolean(),
  alighting: z.boolean(),
  metres: z.int().nonnegative().optional(),
});
export type TripCall = z.infer<typeof tripCallSchema>;

/** A timetabled service as a version of the feed has it. */
export type Trip = {
  tripId: TripId;
  startTime?: string;
  /** The public name. */
  name: string;
  layoutId: string;
  days: ServiceDays;
  calls: TripCall[];
};

/** The days a trip runs: bit `n` (lowest first in each byte) is the `n`th day after the version's `firstDate`. */
export type ServiceDays = Uint8Array;

/** A trip's call as it is kept with the stop: all that a search needs, without looking at the trip. */
export type StopCall = Omit<TripCall, 'stopId'> &
  Pick<Trip, 'tripId' | 'startTime' | 'name' | 'layoutId' | 'days'> & { index: number; stopCount: number };

/** The version of the timetable that is in force. */
export const versionSchema = z.object({
  version: z.string().min(1),
  importedAt: instantSchema,
  /** The zone in which the feed's times count. */
  timeZone: z.string(),
  firstDate: serviceDateSchema,
  lastDate: serviceDateSchema,
  stops: z.int().nonnegative(),
  trips: z.int().nonnegative(),
  /** How many items the trips are spread over, see store.ts. */
  tripBuckets: z.int().positive(),
});
export type Version = z.infer<typeof versionSchema>;

/** The service dates on sale, both included. */
export const salesSchema = z.object({ from: serviceDateSchema, until: serviceDateSchema });
export type Sales = z.infer<typeof salesSchema>;

import * as z from 'zod';
import { classSchema, runIdSchema, serviceDateSchema, stopIdSchema, tripIdSchema } from '../platform/ids.ts';
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
 * the other, or seats by name. `aisleAfter` names the letters that have an aisle at their right.
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
 * import cannot move times or seats under a ticket.
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
});
export type Run = z.infer<typeof runSchema>;

/** A stretch of a run from the stop where one boards to the stop where one alights, by stop index. */
export type Stretch = { from: number; to: number };

import * as z from 'zod';
import { classSchema, runIdSchema } from '../platform/ids.ts';
import type { Instant } from '../platform/time.ts';
import { callsMax } from '../timetable/model.ts';

/**
 * The owner of a piece of a seat: order id (ULID, 16 bytes), a nonce that is new for every try (4 bytes) and the second
 * of the hold (4 bytes), as base64url. Shard items store it as the 24 bytes.
 */
export const ownerSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{32}$/)
  .brand<'Owner'>();
export type Owner = z.infer<typeof ownerSchema>;

/** The key of a shard item: a group of neighbouring seats in one class of one generation of a run. */
export const shardKeySchema = z.object({
  runId: runIdSchema,
  /** The run's generation at the time of the hold. Items from before runs could change are of the first generation. */
  generation: z.int().positive().default(1),
  class: classSchema,
  shard: z.int().nonnegative(),
});
export type ShardKey = z.infer<typeof shardKeySchema>;

/**
 * A seat of a shard. `index` counts from 0 within the shard; `letter` is empty if seats have none, and so is `seat` if
 * they have no numbers at all.
 */
export type ShardSeat = {
  index: number;
  coach: string;
  seat: string;
  row: string;
  letter: string;
  /** Its place in the coach's order of seats: neighbours in one row differ by one. */
  position: number;
  window: boolean;
  aisle: boolean;
  /** For people with special needs: others get it when nothing else is left. */
  special: boolean;
};

/** A piece of a seat's line: from stop index `from` to stop index `to`, of the seat at `seat` in its shard. */
export const pieceSchema = z.object({
  seat: z.int().min(0).max(61),
  from: z
    .int()
    .min(0)
    .max(callsMax - 2),
  to: z
    .int()
    .min(1)
    .max(callsMax - 1),
});
export type Piece = z.infer<typeof pieceSchema>;

/** An owned piece, recorded on the order's item that owns it: enough to release it. */
export const placeSchema = z.object({
  shard: shardKeySchema,
  piece: pieceSchema,
  owner: ownerSchema,
  coach: z.string(),
  seat: z.string(),
});
export type Place = z.infer<typeof placeSchema>;

/** A passenger's wishes for the seats. */
export const seatWishesSchema = z.object({
  adjacent: z.boolean().optional(),
  specialNeeds: z.int().min(1).max(9).optional().meta({
    description:
      'How many passengers need a seat for people with special needs: the first ones of the order. The answer says who got one',
  }),
  letters: z
    .array(z.string().regex(/^[A-Z]$/))
    .max(9)
    .optional(),
  position: z.enum(['window', 'aisle']).optional(),
});
export type SeatWishes = z.infer<typeof seatWishesSchema>;

/**
 * The free seats of a run by class and stop pair, at the last count. This is a view: it may refuse, but it never sells.
 */
export type Availability = {
  runId: string;
  asOf: string;
  /** The generation of the run whose shards were counted; the view means nothing for any other. */
  generation: number;
  /** Grows by one with every count of one generation. */
  version: number;
  /** The feed version of the frozen run. */
  feedVersion: string;
  stopCount: number;
  /** Class → free seats by stop pair, see `pairIndex`. */
  free: Record<string, Uint16Array>;
  /**
   * Like `free`, but it also counts as free the pieces that were taken a moment ago by orders that did not live yet:
   * those seats may become free again, at the latest at `until`. Absent if there were none.
   */
  perhaps?: { until: Instant; free: Record<string, Uint16Array> };
  /** Like `free`, from the time on at which no seat is kept for the waitlist any more. Absent if none was. */
  later?: { from: Instant; free: Record<string, Uint16Array> };
  /** When a request last claimed the count of the run, if nobody has counted it since. */
  countClaimedAt?: string;
};

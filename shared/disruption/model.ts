import * as z from 'zod';
import type { Transitions } from '../bookings/transitions.ts';
import { jobIdSchema, runIdSchema, stopIdSchema } from '../platform/ids.ts';
import { instantSchema } from '../platform/time.ts';

/** What the carrier announces about a run. */
export const disruptionSchema = z.discriminatedUnion('reason', [
  z.object({ reason: z.literal('run-cancelled') }),
  z.object({ reason: z.literal('stop-cancelled'), stopId: stopIdSchema }),
  z.object({ reason: z.literal('delayed'), minutes: z.int().min(1).max(9999) }),
]);
export type Disruption = z.infer<typeof disruptionSchema>;

/**
 * - `begun`: nothing has happened yet; the job first ends the sale
 * - `waiving`: it looks at every ticket until none is left that it has not waived and told
 * - `waiting`: passengers choose
 * - `refunding`: it pays back whoever has not chosen
 * - `done`
 */
export const jobStates = ['begun', 'waiving', 'waiting', 'refunding', 'done'] as const;
const jobStateSchema = z.enum(jobStates);
export type JobState = z.infer<typeof jobStateSchema>;

export const jobTransitions: Transitions<JobState> = {
  begun: ['waiving'],
  waiving: ['waiting', 'done'],
  waiting: ['refunding'],
  refunding: ['done'],
  done: [],
};

/** What a job has done so far. */
export const progressSchema = z.object({
  /** Tickets whose fee is waived, and whose passengers are told. */
  waived: z.int().nonnegative(),
  /** Tickets paid back because nobody had chosen. */
  refunded: z.int().nonnegative(),
  /** Unpaid orders ended, and paid ones without tickets whose money goes back. */
  ended: z.int().nonnegative(),
});
export type Progress = z.infer<typeof progressSchema>;

/** The job that an announcement makes: it goes over all tickets of the run, as often as it must. */
export const jobSchema = z.object({
  jobId: jobIdSchema,
  runId: runIdSchema,
  disruption: disruptionSchema,
  state: jobStateSchema,
  /** Who announced it: a user's id, or the command line. */
  by: z.string(),
  createdAt: instantSchema,
  /** The end of the time in which passengers choose; of a delay the last delayed departure. */
  until: instantSchema,
  /** The number of this look at all shards of the run, and how many of them it is past. */
  look: z.int().positive(),
  shardsDone: z.int().nonnegative(),
  shards: z.int().nonnegative(),
  /** How many seats this look, or until the next begins the last one, has met that another one must come back to. */
  unsettled: z.int().nonnegative(),
  progress: progressSchema,
  doneAt: instantSchema.optional(),
  /** Who works on it now. It is due again when that worker must have died. */
  holder: z.string().optional(),
  dueAt: instantSchema.optional(),
  /** Chooses its shard of the index of due items. */
  mark: z.string(),
});
export type Job = z.infer<typeof jobSchema>;

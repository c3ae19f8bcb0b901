/*
 * The reasons of refusals about disruptions, each once. rules.ts says whom an announcement concerns; the decisions are in
 * files beside it.
 */

/** Why an announcement makes no job. */
export type AnnouncementRefusal =
  | 'not-found'
  /** The run has arrived at its last stop. */
  | 'run-over'
  /** The carrier has closed the run already, so that it neither stops anywhere nor is late. */
  | 'run-not-running'
  /** The run does not call at this stop. */
  | 'stop-not-served'
  /** The carrier has no rules for disruptions. */
  | 'no-disruption-rules'
  /** The delay is shorter than the carrier's rules want: tickets stay as they are. */
  | 'delay-below-limit'
  /** With this delay the run has left every stop already. */
  | 'delay-past';

/** Why nobody works on a job now: another worker does, it waits, or there is none. */
export type WorkRefusal = 'not-due';

/** Why the tickets of an order must be looked at again. */
export type SettleRefusal =
  /** A hold, a payment or a release is under way, or a commit that nobody has seen yet. */
  | 'under-way'
  /** An offer for a ticket is open: its passenger may be accepting it. */
  | 'offer-open'
  /** Less is left of the order's money than would go back: some has gone back in another way. */
  | 'money-gone-back'
  | 'changed-meanwhile';

/** Why a job waives no ticket of an order: they have gone back, or have a graver waiver. */
export type WaiverRefusal = 'nothing-left';

/** Whether the same may succeed a moment later although nobody changes anything. */
export const isRetryable = {
  'not-found': false,
  'run-over': false,
  'run-not-running': false,
  'stop-not-served': false,
  'no-disruption-rules': false,
  'delay-below-limit': false,
  'delay-past': false,
  'not-due': true,
  'under-way': true,
  'offer-open': true,
  'money-gone-back': false,
  'changed-meanwhile': true,
  'nothing-left': false,
} as const satisfies Record<AnnouncementRefusal | WorkRefusal | SettleRefusal | WaiverRefusal, boolean>;

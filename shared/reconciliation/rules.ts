/*
 * The reasons of refusals for reconciliation, each once. The decisions are in files beside this one: decide-day,
 * decide-row, decide-answer, decide-costs and decide-report.
 */

/** Why there is no bill to compare with. `not-over`: the day is today, or in the future. */
export type DayRefusal = 'not-over' | 'not-ready' | 'too-old';

/**
 * Why a run has not come to its end. What it has booked stays booked, and the next run begins again. `bill-unreadable`: the
 * provider's file is damaged, or has another form than the one that we know.
 */
export type RunRefusal =
  | DayRefusal
  | 'provider-off'
  | 'provider-silent'
  | 'provider-refuses'
  | 'bill-unreadable'
  | 'out-of-time'
  | 'changed-meanwhile';

/** Whether the same run may succeed later although nobody changes anything. */
export const isRetryable = {
  'not-over': true,
  'not-ready': true,
  'too-old': false,
  'provider-off': false,
  'provider-silent': true,
  'provider-refuses': false,
  'bill-unreadable': false,
  'out-of-time': true,
  'changed-meanwhile': true,
} as const satisfies Record<RunRefusal, boolean>;

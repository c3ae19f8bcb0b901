import type { CodeRefusal } from '../tickets/code-content.ts';

/** Why a ticket, whatever the place and the time, lets nobody in. */
export type TicketRefusal =
  /** Somebody has travelled on it: a second use. */
  | 'already-checked-in'
  | 'ticket-refunded'
  | 'ticket-exchanged'
  | 'ticket-not-valid'
  /** Our key has signed it, and it is in no order: after a restore, or a forger has the key. */
  | 'ticket-unknown';

/** Why a gate lets nobody in with a ticket that is valid. */
export type GateRefusal =
  | 'wrong-run'
  | 'run-closed'
  /** The carrier has no rules for check-ins. */
  | 'check-in-not-offered'
  | 'wrong-stop'
  | 'too-early-to-board'
  | 'too-late-to-board';

export type CheckInRefusal = CodeRefusal | TicketRefusal | GateRefusal | 'not-found';

/** Whether the same request may succeed a moment later although its sender changes nothing. */
export const isRetryable = {
  'already-checked-in': false,
  'ticket-refunded': false,
  'ticket-exchanged': false,
  'ticket-not-valid': false,
  'ticket-unknown': false,
  'wrong-run': false,
  'run-closed': false,
  'check-in-not-offered': false,
  'wrong-stop': false,
  'too-early-to-board': false,
  'too-late-to-board': false,
  'not-found': false,
} as const satisfies Record<Exclude<CheckInRefusal, CodeRefusal>, boolean>;

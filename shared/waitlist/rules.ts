import type { OfferRefusal } from '../selling/rules.ts';

/*
 * The reasons of refusals around the waitlist, each once. The decisions are in files beside this one: decide-join,
 * decide-end and decide-serve.
 */

/** Why a journey cannot be waited for. */
export type WishRefusal =
  | OfferRefusal
  /** Another wish of the entry is the same. */
  | 'wish-twice'
  /** There are seats: the passengers can have them at once. */
  | 'not-sold-out'
  /** The class has fewer seats than the party needs. */
  | 'party-too-large'
  /** Waiting for it has ended, or ends too soon to pay before. */
  | 'waitlist-closed';

/** Why there is no entry. */
export type JoinRefusal =
  | WishRefusal
  | 'no-waitlist'
  | 'cut-off-not-allowed'
  | 'passenger-on-waitlist'
  | 'passenger-time-conflict'
  | 'passenger-unavailable'
  | 'too-many-entries'
  | 'too-many-seats'
  | 'key-reused'
  | 'request-in-progress'
  | 'busy';

/** Why an entry does not end by its passenger's wish. */
export type WithdrawRefusal = 'not-found' | 'entry-over' | 'busy';

/** Why an entry does not end by itself. `payments-unfinished`: a provider must answer first. */
export type EntryEndRefusal = 'not-due' | 'payments-unfinished';

/** Why an entry gets no seats now. `over`: it no longer waits; `passengers-busy`: one of them travels at that time. */
export type ServeRefusal = 'over' | 'passengers-busy' | 'no-seats' | 'lost-race';

type WaitlistRefusal = Exclude<JoinRefusal | WithdrawRefusal, OfferRefusal> | EntryEndRefusal | ServeRefusal;

/** Whether the same request may succeed a moment later although its sender changes nothing. */
export const isRetryable = {
  'wish-twice': false,
  'not-sold-out': false,
  'party-too-large': false,
  'waitlist-closed': false,
  'no-waitlist': false,
  'cut-off-not-allowed': false,
  'passenger-on-waitlist': false,
  'passenger-time-conflict': false,
  'passenger-unavailable': false,
  'too-many-entries': false,
  'too-many-seats': false,
  'key-reused': false,
  'request-in-progress': true,
  'not-found': false,
  'entry-over': false,
  busy: true,
  'not-due': true,
  'payments-unfinished': true,
  over: false,
  'passengers-busy': true,
  'no-seats': true,
  'lost-race': true,
} as const satisfies Record<WaitlistRefusal, boolean>;

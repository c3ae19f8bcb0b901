import type { BudgetRefusal } from '../orders/budgets.ts';
import { rejected, type Rejected } from '../platform/outcome.ts';
import type { StretchRefusal } from '../timetable/rules.ts';

/*
 * The reasons of refusals in a sale, each once. The decisions are in files beside this one, one subject each:
 * decide-offer, decide-order, decide-commit, decide-end, decide-issue.
 */

/** Why the carrier's profile does not allow a sale to these passengers. */
export type PartyRefusal =
  | 'unknown-passenger-type'
  | 'unaccompanied'
  | 'too-few-companions'
  | 'document-missing'
  | 'document-not-asked'
  | 'document-kind-not-taken'
  | 'age-not-of-type'
  | 'age-not-proven'
  | 'has-no-seat'
  | 'not-on-lap'
  | 'unknown-locale';

/** Why nobody can change seats as a request says: the carrier sells no such orders; the stop is not on the way. */
export type SeatChangeRefusal = 'seat-change-not-sold' | 'no-change-there';

/** Why a journey is not on sale for anybody. */
export type OfferRefusal =
  | 'unknown-run'
  | StretchRefusal
  | 'unknown-class'
  | PartyRefusal
  | 'journey-too-long'
  | SeatChangeRefusal
  | 'not-on-sale'
  | 'no-fare';

/** Why there are no seats. `busy`: others may release theirs in a moment, or were quicker every time. */
export type SeatRefusal = 'sold-out' | 'busy';

export type ReplayRefusal = 'key-reused' | 'request-in-progress';

export type PlaceOrderRefusal =
  | OfferRefusal
  | SeatRefusal
  | ReplayRefusal
  | BudgetRefusal
  | 'passenger-time-conflict'
  | 'passenger-unavailable';

/** `not-bound`: a ticket that the passengers exchange has changed meanwhile. */
export type CommitRefusal =
  'passenger-time-conflict' | BudgetRefusal | 'already-answered' | 'not-bound' | 'busy';

export type CancelRefusal = 'not-found' | 'order-not-held';

/** Why an order does not end. `payments-unfinished`: the provider must answer first. */
export type EndRefusal = 'already-paid' | 'not-due' | 'payments-unfinished' | 'not-releasing';

/** Why an order gets no tickets. `no-travel`: the run is closed or has left, so the money must go back. */
export type IssueRefusal = 'no-travel' | 'not-paid';

/**
 * Why the money of a paid order does not go back. `can-travel`: nothing rules out travel, so the order gets its
 * tickets.
 */
export type ReturnRefusal = 'can-travel' | 'not-paid';

type SellingRefusal =
  PlaceOrderRefusal | CommitRefusal | CancelRefusal | EndRefusal | IssueRefusal | ReturnRefusal;

/**
 * Whether the same request may succeed a moment later although its sender changes nothing. A passenger who can act
 * (choose another run, pay an order first) sends another request.
 */
export const isRetryable = {
  'unknown-run': false,
  'unknown-stop': false,
  'wrong-order': false,
  'no-boarding': false,
  'no-alighting': false,
  'unknown-class': false,
  'unknown-passenger-type': false,
  unaccompanied: false,
  'too-few-companions': false,
  'document-missing': false,
  'document-not-asked': false,
  'document-kind-not-taken': false,
  'age-not-of-type': false,
  'age-not-proven': false,
  'has-no-seat': false,
  'not-on-lap': false,
  'unknown-locale': false,
  'journey-too-long': false,
  'seat-change-not-sold': false,
  'no-change-there': false,
  'not-on-sale': false,
  'no-fare': false,
  'sold-out': false,
  busy: true,
  'key-reused': false,
  'request-in-progress': true,
  'too-many-open-orders': false,
  'too-many-ended-orders': false,
  'too-many-seats': false,
  'passenger-time-conflict': false,
  'passenger-unavailable': false,
  'already-answered': true,
  'not-bound': true,
  'not-found': false,
  'order-not-held': false,
  'already-paid': false,
  'not-due': true,
  'payments-unfinished': true,
  'not-releasing': false,
  'no-travel': false,
  'not-paid': false,
  'can-travel': false,
} as const satisfies Record<SellingRefusal, boolean>;

/**
 * The only decision of "sold out" for seats on sale. Two callers use it: the one that reads the view, so that a crowd
 * before a full run costs one read each; and the one that has looked at every shard, which is the truth. If seats may
 * become free in a moment, because their orders are not committed yet, a party hears `busy`.
 */
export const decideNoSeats = ({ mayComeFree }: { mayComeFree: boolean }): Rejected<SeatRefusal> =>
  rejected(mayComeFree ? 'busy' : 'sold-out');

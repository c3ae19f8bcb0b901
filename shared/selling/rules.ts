import type { BudgetRefusal } from '../orders/budgets.ts';
import { rejected, type Rejected } from '../platform/outcome.ts';
import type { StretchRefusal } from '../timetable/rules.ts';

/*
 * Why something of a sale is refused, each reason once. The decisions stand beside this file, one subject each:
 * decide-offer, decide-order, decide-commit, decide-end, decide-issue.
 */

/** Why a journey is not sold at all, whoever asks. */
export type OfferRefusal =
  | 'unknown-run'
  | StretchRefusal
  | 'unknown-class'
  | 'document-missing'
  | 'journey-too-long'
  | 'not-on-sale'
  | 'no-fare';

/** Why there are no seats. `busy`: not yet, since others may give theirs back in a moment, or were always quicker. */
export type SeatRefusal = 'sold-out' | 'busy';

export type ReplayRefusal = 'key-reused' | 'request-in-progress';

export type PlaceOrderRefusal =
  | OfferRefusal
  | SeatRefusal
  | ReplayRefusal
  | BudgetRefusal
  | 'passenger-time-conflict'
  | 'passenger-unavailable';

export type CommitRefusal = 'passenger-time-conflict' | BudgetRefusal | 'already-answered' | 'busy';

export type CancelRefusal = 'not-found' | 'order-not-held';

/** Why an order does not come to its end. `payments-unfinished`: a provider must be asked again. */
export type EndRefusal = 'already-paid' | 'not-due' | 'payments-unfinished' | 'not-releasing';

/** Why an order gets no tickets. `no-travel`: the run is closed or has left, so the money must go back. */
export type IssueRefusal = 'no-travel' | 'not-paid';

/** Why the money of a paid order does not go back. `can-travel`: nothing speaks against travel, it is issued. */
export type ReturnRefusal = 'can-travel' | 'not-paid';

type SellingRefusal =
  PlaceOrderRefusal | CommitRefusal | CancelRefusal | EndRefusal | IssueRefusal | ReturnRefusal;

/**
 * Whether the same request may succeed a moment later though its sender changes nothing. A passenger who can do
 * something about it (choose another run, pay an order first) sends another request.
 */
export const isRetryable = {
  'unknown-run': false,
  'unknown-stop': false,
  'wrong-order': false,
  'no-boarding': false,
  'no-alighting': false,
  'unknown-class': false,
  'document-missing': false,
  'journey-too-long': false,
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
 * The one place that says "sold out", of seats that are sold. Two ask it: whoever reads the view, because a crowd before
 * a full run must cost one read each; and whoever has looked at every shard, because that is the truth. Where seats may
 * come free in a moment, their orders not being committed yet, a party hears `busy`.
 */
export const decideNoSeats = ({ mayComeFree }: { mayComeFree: boolean }): Rejected<SeatRefusal> =>
  rejected(mayComeFree ? 'busy' : 'sold-out');

import { isRetryable as isPaymentRetryable } from '../../shared/paying/rules.ts';
import { isRetryable } from '../../shared/selling/rules.ts';

/**
 * Every way a request can be refused, in one place: reason → problem (RFC 9457). The reason ends the problem's stable
 * `type`; a reason without an entry here does not compile.
 */
export const problems = {
  'bad-request': { status: 400, title: 'The request cannot be read' },
  'idempotency-key-missing': { status: 400, title: 'Send an Idempotency-Key header with this request' },
  unauthorized: { status: 401, title: 'Sign in first: this request needs a valid access token' },
  forbidden: { status: 403, title: 'Your account may not do this' },
  'not-found': { status: 404, title: 'Nothing was found at this address' },
  'sold-out': { status: 409, title: 'There are no seats left for this journey' },
  'passenger-time-conflict': { status: 409, title: 'A passenger already has a booking at that time' },
  'passenger-unavailable': { status: 409, title: 'These passengers cannot be booked today' },
  'too-many-open-orders': { status: 409, title: 'You have too many unpaid orders' },
  'too-many-ended-orders': { status: 409, title: 'Too many of your orders were cancelled or expired today' },
  'too-many-seats': {
    status: 409,
    title: 'Your account already has as many seats on this run as it may hold',
  },
  'order-not-held': { status: 409, title: 'This order is no longer waiting for payment' },
  'too-little-time-left': { status: 409, title: 'There is too little time left to pay for this order' },
  'too-many-unfinished-payments': {
    status: 409,
    title: 'Three payments for this order are still open: finish one of them',
  },
  'too-many-payments': { status: 409, title: 'This order has used all its payment attempts' },
  'payment-ended': { status: 409, title: 'This payment ended without being paid: start a new one' },
  'request-in-progress': {
    status: 409,
    title: 'A request with this Idempotency-Key is still being processed: try again in a second',
  },
  'request-too-large': { status: 413, title: 'The request body is too large' },
  'unsupported-media-type': { status: 415, title: 'Send the body as application/json' },
  'invalid-input': { status: 422, title: 'Some fields of the request are not valid' },
  'idempotency-key-reused': {
    status: 422,
    title: 'This Idempotency-Key belongs to a different request: use a new one',
  },
  'not-on-sale': { status: 422, title: 'This run is not on sale' },
  'no-fare': { status: 422, title: 'There is no fare for this journey, so it cannot be booked' },
  'currency-unsupported': {
    status: 422,
    title: 'This payment provider does not accept the currency of the order',
  },
  'provider-unavailable': { status: 422, title: 'This payment provider is not available here' },
  busy: { status: 503, title: 'We are busy at the moment: please try again' },
  'internal-error': { status: 500, title: 'Something went wrong on our side' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemReason = keyof typeof problems;

/** Others are done with what is in the way within about a second. */
const retryAfterSeconds = 1;

const retryable: Readonly<Record<string, boolean>> = { ...isPaymentRetryable, ...isRetryable };

/** When the same request may succeed; undefined where sending it again cannot help. The decision says which. */
export const retryAfter = (reason: ProblemReason): number | undefined =>
  retryable[reason] ? retryAfterSeconds : undefined;

/** A field of the input that is not valid: where (`passengers[0].document.number`) and what. */
export type FieldError = { field: string; message: string };

/** Why a request is not served, and what the client may know of it. */
export type Refusal = { reason: ProblemReason; detail?: string; fields?: FieldError[] };

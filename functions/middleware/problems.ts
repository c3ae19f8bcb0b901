/**
 * Every way a request can be refused, in one place: reason → problem (RFC 9457). The reason ends the problem's stable
 * `type`; a reason without an entry here does not compile.
 */
export const problems = {
  'bad-request': { status: 400, title: 'The request cannot be read' },
  'idempotency-key-missing': { status: 400, title: 'This request needs an Idempotency-Key header' },
  unauthorized: { status: 401, title: 'A valid access token is needed' },
  forbidden: { status: 403, title: 'This is not for you' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'sold-out': { status: 409, title: 'No seat is left' },
  'passenger-time-conflict': { status: 409, title: 'A passenger already travels at that time' },
  'passenger-unavailable': { status: 409, title: 'These passengers cannot be booked now' },
  'too-many-open-orders': { status: 409, title: 'Too many unpaid orders are open' },
  'too-many-ended-orders': { status: 409, title: 'Too many orders were cancelled or expired today' },
  'too-many-seats': { status: 409, title: 'You have as many seats on this run as one account may have' },
  'order-not-held': { status: 409, title: 'The order is no longer waiting for payment' },
  'too-little-time-left': { status: 409, title: 'The hold ends too soon to pay' },
  'too-many-unfinished-payments': {
    status: 409,
    title: 'Three payments of this order are under way: please pay with one of them',
  },
  'too-many-payments': { status: 409, title: 'This order has been tried to pay too often' },
  'payment-ended': { status: 409, title: 'This payment has ended unpaid: please begin another' },
  'request-in-progress': {
    status: 409,
    title: 'A request with this Idempotency-Key is still in progress',
    retryAfterSeconds: 1,
  },
  'request-too-large': { status: 413, title: 'The request is too large' },
  'unsupported-media-type': { status: 415, title: 'The body must be application/json' },
  'invalid-input': { status: 422, title: 'The request has fields that are not valid' },
  'idempotency-key-reused': { status: 422, title: 'This Idempotency-Key was used for another request' },
  'not-on-sale': { status: 422, title: 'This run is not on sale' },
  'no-fare': { status: 422, title: 'There is no fare for this journey' },
  'currency-unsupported': { status: 422, title: 'The provider does not take this currency' },
  'provider-unavailable': { status: 422, title: 'This payment provider is not available' },
  busy: { status: 503, title: 'Too busy at the moment, please try again', retryAfterSeconds: 1 },
  'internal-error': { status: 500, title: 'Something went wrong on our side' },
} as const satisfies Record<string, { status: number; title: string; retryAfterSeconds?: number }>;

export type ProblemReason = keyof typeof problems;

/** A field of the input that is not valid: where (`passengers[0].document.number`) and what. */
export type FieldError = { field: string; message: string };

/** Why a request is not served, and what the client may know of it. */
export type Refusal = { reason: ProblemReason; detail?: string; fields?: FieldError[] };

import { isRetryable as isOfferRetryable } from '../../shared/after-sale/refusals.ts';
import { isRetryable as isCheckInRetryable } from '../../shared/check-ins/refusals.ts';
import { isRetryable as isDisruptionRetryable } from '../../shared/disruption/refusals.ts';
import { isRetryable as isPaymentRetryable } from '../../shared/paying/rules.ts';
import { isRetryable } from '../../shared/selling/rules.ts';
import { afterSaleProblems } from './after-sale-problems.ts';
import { isRetryable as isWaitlistRetryable } from '../../shared/waitlist/rules.ts';
import { waitlistProblems } from './waitlist-problems.ts';

/**
 * Every reason to refuse a request, as a problem (RFC 9457): reason → status and title. The reason ends the problem's
 * stable `type`; a reason without an entry here does not compile. An app may show a title to a passenger, so it is two
 * sentences: what happened, and what to do next.
 */
export const problems = {
  'bad-request': {
    status: 400,
    title: 'We could not read this request. Correct its format and send it again.',
  },
  'idempotency-key-missing': {
    status: 400,
    title: 'This request has no Idempotency-Key header. Add one and send the request again.',
  },
  unauthorized: { status: 401, title: 'You are not signed in. Please sign in and try again.' },
  forbidden: {
    status: 403,
    title: 'Your account does not have access to this. Please sign in with an account that has access.',
  },
  'internal-address': {
    status: 403,
    title: 'This address is not open to the public. Please use the address of our booking site.',
  },
  'not-found': {
    status: 404,
    title: 'We could not find what you asked for. Please check the link or the number.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'This address does not support this method. Use one of the methods that the Allow header names.',
  },
  'sold-out': {
    status: 409,
    title: 'There are not enough free seats in this class. Please choose another class or another journey.',
  },
  'passenger-time-conflict': {
    status: 409,
    title: 'A passenger already has a booking at this time. Please choose a journey at another time.',
  },
  'passenger-unavailable': {
    status: 409,
    title: 'We cannot book these passengers today. Please check their documents and try again tomorrow.',
  },
  'too-many-open-orders': {
    status: 409,
    title: 'You have too many unpaid orders. Please pay for one or cancel one, and then try again.',
  },
  'too-many-ended-orders': {
    status: 409,
    title:
      'Too many of your orders were cancelled or expired today. You can book again tomorrow, and you can still pay for the orders that are open now.',
  },
  'too-many-seats': {
    status: 409,
    title:
      'One account cannot book this many seats on one run. Please choose another journey, or ask the other passengers to book with their own accounts.',
  },
  'order-not-held': {
    status: 409,
    title: 'This order is no longer waiting for payment. Please open the order to see its current state.',
  },
  'too-little-time-left': {
    status: 409,
    title: 'There is too little time left to pay for this order. Please cancel it and book again.',
  },
  'too-many-unfinished-payments': {
    status: 409,
    title: 'Too many payments for this order are open. Please finish one of them.',
  },
  'too-many-payments': {
    status: 409,
    title: 'This order has no payment attempts left. Please cancel it and book again.',
  },
  'payment-ended': {
    status: 409,
    title: 'This payment ended and you paid nothing. Please start a new payment.',
  },
  ...afterSaleProblems,
  ...waitlistProblems,
  'request-in-progress': {
    status: 409,
    title: 'We are still working on your request. Please try again in a second.',
  },
  'request-too-large': { status: 413, title: 'This request is too large. Please send less at once.' },
  'unsupported-media-type': {
    status: 415,
    title: 'We can read only JSON. Send the body of this request as application/json.',
  },
  'invalid-input': {
    status: 422,
    title: 'Some fields are missing or not valid. Please correct them and try again.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'This Idempotency-Key belongs to a different request. Send this request with a new key.',
  },
  'code-damaged': {
    status: 422,
    title: 'This is no whole ticket code. Scan it again, or ask for the ticket in another form.',
  },
  'code-other-version': {
    status: 422,
    title:
      'This code has a form that this release cannot read. Update the gate, and check the ticket by eye.',
  },
  'code-other-carrier': {
    status: 422,
    title: 'This ticket is another carrier’s. Please ask the passenger for a ticket of ours.',
  },
  'code-unknown-key': {
    status: 422,
    title:
      'We do not know the key that signed this code. Fetch the keys again; if that does not help, refuse it.',
  },
  'code-forged': {
    status: 422,
    title: 'The signature of this code is not ours. Do not let the passenger in, and call the supervisor.',
  },
  'stop-not-served': {
    status: 422,
    title: 'The run does not call at this stop. Please choose one of its stops.',
  },
  'delay-below-limit': {
    status: 422,
    title: 'With a delay as short as this, tickets stay as they are. Please announce a longer one.',
  },
  'delay-past': {
    status: 422,
    title: 'Even with this delay, the run has left every stop. Please check the run and the delay.',
  },
  'not-on-sale': {
    status: 422,
    title: 'Tickets for this journey are not on sale. Please choose another journey.',
  },
  'no-fare': {
    status: 422,
    title:
      'This journey has no fare in this class, so we cannot sell it. Please choose another class or another journey.',
  },
  'currency-unsupported': {
    status: 422,
    title: 'This payment provider does not accept the currency of the order. Please choose another provider.',
  },
  'provider-unavailable': {
    status: 422,
    title: 'This payment provider is not available here. Please choose another provider.',
  },
  busy: { status: 503, title: 'We are very busy at the moment. Please try again in a few seconds.' },
  'internal-error': {
    status: 500,
    title: 'Something went wrong on our side. Please try again, and contact us if it happens again.',
  },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemReason = keyof typeof problems;

/** The request that is in the way ends within about a second. */
const retryAfterSeconds = 1;

const retryable: Readonly<Record<string, boolean>> = {
  ...isPaymentRetryable,
  ...isRetryable,
  ...isOfferRetryable,
  ...isCheckInRetryable,
  ...isDisruptionRetryable,
  ...isWaitlistRetryable,
};

/** Seconds after which the same request may succeed; undefined if sending it again cannot help. The decisions say which. */
export const retryAfter = (reason: ProblemReason): number | undefined =>
  retryable[reason] ? retryAfterSeconds : undefined;

/**
 * A field that is not valid: its path (`passengers[0].document.number`), and what is wrong as the rest of a sentence that
 * begins with the field (`must be a list`).
 */
export type FieldError = { field: string; message: string };

/** Why we refuse a request, and what the client may know about it. */
export type Refusal = {
  reason: ProblemReason;
  detail?: string;
  fields?: FieldError[];
  /** Members of this problem alone; the schema of problems names them. */
  members?: Readonly<Record<string, unknown>>;
  /** Beside those of every problem. */
  headers?: Record<string, string>;
};

import { isRetryable as isOfferRetryable } from '../../shared/after-sale/refusals.ts';
import { isRetryable as isCheckInRetryable } from '../../shared/check-ins/refusals.ts';
import { isRetryable as isDisruptionRetryable } from '../../shared/disruption/refusals.ts';
import { isRetryable as isPaymentRetryable } from '../../shared/paying/rules.ts';
import { isRetryable } from '../../shared/selling/rules.ts';

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
  'nothing-to-pay': {
    status: 409,
    title: 'There is nothing to pay for this exchange. Please accept the offer instead.',
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
  'order-not-issued': {
    status: 409,
    title: 'This order has no tickets. Please open the order to see its current state.',
  },
  'ticket-used': {
    status: 409,
    title:
      'A passenger has travelled on one of these tickets, so it cannot go back. Please choose the other tickets.',
  },
  'ticket-not-valid': {
    status: 409,
    title: 'One of these tickets is no longer valid. Please open the order to see its current state.',
  },
  'money-gone-back': {
    status: 409,
    title: 'Part of the money for this order has gone back already. Please contact us about the rest.',
  },
  'offer-open': {
    status: 409,
    title:
      'There is an offer for one of these tickets already. Please accept it, cancel the new order if it is an exchange, or wait until it has run out.',
  },
  'not-refundable': {
    status: 409,
    title: 'We do not refund these tickets. Please contact us if you cannot travel.',
  },
  'too-late-to-refund': {
    status: 409,
    title: 'It is too late to refund these tickets. Please contact us if you could not travel.',
  },
  'offer-used': {
    status: 409,
    title: 'You have accepted this offer already. Please open the order to see its current state.',
  },
  'offer-expired': {
    status: 409,
    title: 'This offer has run out. Please ask for a new one.',
  },
  'exchanged-before': {
    status: 409,
    title:
      'These tickets come from an exchange, and a ticket can be exchanged only once. You can still ask for a refund.',
  },
  'same-journey': {
    status: 409,
    title:
      'These tickets are for this journey already. Please choose another run, class or stop, or other seats.',
  },
  'too-many-tickets': {
    status: 409,
    title: 'We cannot exchange so many tickets of so long a journey at once. Please choose fewer tickets.',
  },
  'not-exchangeable': {
    status: 409,
    title: 'We do not exchange these tickets. Please ask for a refund and book again.',
  },
  'too-late-to-exchange': {
    status: 409,
    title: 'It is too late to exchange these tickets. Please contact us if you could not travel.',
  },
  'already-checked-in': {
    status: 409,
    title: 'This ticket has been used before. Look at where and when, and at the passenger’s document.',
  },
  'ticket-refunded': {
    status: 409,
    title: 'This ticket was given back for a refund, so it is not valid. The passenger needs a new one.',
  },
  'ticket-exchanged': {
    status: 409,
    title: 'This ticket was exchanged for another one. Please ask the passenger for the new ticket.',
  },
  'ticket-unknown': {
    status: 409,
    title: 'The code is genuine, but we have no such ticket. Please call the supervisor.',
  },
  'wrong-run': {
    status: 409,
    title: 'This ticket is for another train or day. Please show the passenger the way to the right one.',
  },
  'run-closed': {
    status: 409,
    title: 'This run does not operate. Please send the passenger to the service desk.',
  },
  'check-in-not-offered': {
    status: 409,
    title: 'This carrier has no rules for check-ins on this day. Please check tickets by eye.',
  },
  'wrong-stop': {
    status: 409,
    title: 'The passenger cannot board here with this ticket. Please look at the stop on the ticket.',
  },
  'too-early-to-board': {
    status: 409,
    title: 'The gate is not open for this run yet. Please ask the passenger to come back later.',
  },
  'too-late-to-board': {
    status: 409,
    title: 'The gate is closed for this run. Please send the passenger to the service desk.',
  },
  'run-over': {
    status: 409,
    title: 'This run has arrived already. Please check the run and its date.',
  },
  'run-not-running': {
    status: 409,
    title:
      'This run does not run, so it neither stops anywhere nor is late. Please check the run and its date.',
  },
  'no-disruption-rules': {
    status: 409,
    title:
      'The rules of the carrier do not say what passengers may do after a disruption. Please add the part disruption to after-sale.json.',
  },
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

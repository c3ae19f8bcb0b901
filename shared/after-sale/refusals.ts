import type { PlaceOrderRefusal } from '../selling/rules.ts';

/*
 * The reasons of refusals after the sale, each once. rules.ts has what the carrier's rules say; the decisions are in files
 * beside this one: decide-offer and decide-acceptance; decide-exchange, decide-exchange-price and decide-exchange-acceptance.
 */

/** Why a ticket is not paid back, whoever asks. */
export type TicketRefusal =
  /** A passenger has travelled on it. */
  | 'ticket-used'
  /** It was paid back, or is no longer valid for another reason. */
  | 'ticket-not-valid'
  /** Less is left of the order's money than would go back: some has gone back in another way. */
  | 'money-gone-back';

/** Why there is no offer. */
export type OfferRefusal =
  | 'not-found'
  | 'order-not-issued'
  | TicketRefusal
  | 'offer-open'
  | 'not-refundable'
  | 'too-late-to-refund'
  | 'key-reused'
  | 'busy';

/** Why an offer cannot be accepted. */
export type AcceptanceRefusal = 'not-found' | 'offer-used' | 'offer-expired' | TicketRefusal | 'busy';

/** Why tickets are not exchanged, whatever for. */
export type ExchangeableRefusal =
  | 'not-found'
  | 'order-not-issued'
  | TicketRefusal
  /** A ticket is exchanged once. */
  | 'exchanged-before'
  | 'offer-open'
  /** It is the journey that the passengers have. */
  | 'same-journey'
  /** One transaction cannot switch so many tickets of so long a journey. */
  | 'too-many-tickets'
  | 'not-exchangeable';

/** Why tickets are not exchanged for a journey that is on sale. */
export type ExchangePriceRefusal =
  'not-exchangeable' | 'too-late-to-exchange' | 'too-many-tickets' | 'money-gone-back';

/** Why there is no offer to exchange. */
export type ExchangeOfferRefusal = ExchangeableRefusal | ExchangePriceRefusal | PlaceOrderRefusal;

/** Why an offer to exchange cannot be accepted. */
export type ExchangeAcceptanceRefusal =
  'not-found' | 'offer-used' | 'offer-expired' | TicketRefusal | 'not-on-sale' | 'busy';

/** Whether the same request may succeed a moment later although its sender changes nothing. */
export const isRetryable = {
  'ticket-used': false,
  'ticket-not-valid': false,
  'money-gone-back': false,
  'not-found': false,
  'order-not-issued': false,
  'offer-open': false,
  'not-refundable': false,
  'too-late-to-refund': false,
  'key-reused': false,
  'offer-used': false,
  'offer-expired': false,
  'exchanged-before': false,
  'same-journey': false,
  'too-many-tickets': false,
  'not-exchangeable': false,
  'too-late-to-exchange': false,
  busy: true,
} as const satisfies Record<
  OfferRefusal | AcceptanceRefusal | ExchangeableRefusal | ExchangePriceRefusal,
  boolean
>;

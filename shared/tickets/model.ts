import * as z from 'zod';
import type { Transitions } from '../bookings/transitions.ts';
import { appliedRuleSchema } from '../platform/after-sale/refund-rules.ts';
import {
  classSchema,
  gateIdSchema,
  itemIdSchema,
  jobIdSchema,
  offerIdSchema,
  orderIdSchema,
  runIdSchema,
  ticketIdSchema,
  useIdSchema,
  userIdSchema,
} from '../platform/ids.ts';
import { moneySchema } from '../platform/money.ts';
import { instantSchema, type Instant } from '../platform/time.ts';
import { labelSchema, namesSchema } from '../platform/languages.ts';

export const ticketStates = ['issued', 'checkedIn', 'refunded', 'exchanged', 'released'] as const;

/** The offer that this ticket is bound to until its end: no other offer may be made for it meanwhile. */
const openOfferSchema = z.object({ offerId: offerIdSchema, validUntil: instantSchema });
export type OpenOffer = z.infer<typeof openOfferSchema>;

/** What became of a ticket's price when the passenger gave the ticket back. */
const ticketRefundSchema = z.object({
  offerId: offerIdSchema,
  at: instantSchema,
  /** What the carrier keeps, and what goes back: together the fare. */
  fee: moneySchema,
  amount: moneySchema,
  rule: appliedRuleSchema,
  /** The job that paid it back, if its passenger had not chosen in time. */
  jobId: jobIdSchema.optional(),
});
export type TicketRefund = z.infer<typeof ticketRefundSchema>;

export const waiverReasons = ['run-cancelled', 'stop-cancelled', 'delayed'] as const;
export type WaiverReason = (typeof waiverReasons)[number];

/** The carrier does not carry as it sold: until the end of this, the ticket goes back or is exchanged without a fee. */
const waiverSchema = z.object({ jobId: jobIdSchema, reason: z.enum(waiverReasons), until: instantSchema });
export type Waiver = z.infer<typeof waiverSchema>;

/** When, where and by which gate a ticket was used. */
export const checkInSchema = z.object({
  /** By the clock of the system; for a use without a network, by the gate's clock after its error was taken out. */
  at: instantSchema,
  stopId: z.string(),
  gateId: gateIdSchema,
  useId: useIdSchema,
  /** When a use without a network was told to us. */
  toldAt: instantSchema.optional(),
});
export type CheckIn = z.infer<typeof checkInSchema>;

/** What became of a ticket that its passenger exchanged. */
const ticketExchangeSchema = z.object({
  offerId: offerIdSchema,
  at: instantSchema,
  newOrderId: orderIdSchema,
  newTicketId: ticketIdSchema,
  /** What the new ticket costs, and what the carrier keeps for the exchange. */
  fare: moneySchema,
  fee: moneySchema,
});
export type TicketExchange = z.infer<typeof ticketExchangeSchema>;

/** The fields of every ticket, whatever its state. */
const commonTicket = z.object({
  ticketId: ticketIdSchema,
  orderId: orderIdSchema,
  itemId: itemIdSchema,
  userId: userIdSchema,
  runId: runIdSchema,
  trip: z.string(),
  tripNames: namesSchema.optional(),
  headsign: labelSchema.optional(),
  from: z.object({
    stopId: z.string(),
    name: z.string(),
    names: namesSchema.optional(),
    departs: z.string(),
  }),
  to: z.object({ stopId: z.string(), name: z.string(), names: namesSchema.optional(), arrives: z.string() }),
  class: classSchema,
  coach: z.string(),
  seat: z.string(),
  /** Where the passenger changes seats on the way, and the seat from there on. */
  seatChange: z
    .object({
      stopId: z.string(),
      name: z.string(),
      names: namesSchema.optional(),
      departs: z.string(),
      coach: z.string(),
      seat: z.string(),
    })
    .optional(),
  /** `onLap`: who travels with the passenger on this ticket, without a seat. */
  passenger: z.object({
    name: z.string(),
    document: z.string().optional(),
    onLap: z
      .array(z.object({ name: z.string(), type: z.string(), document: z.string().optional() }))
      .optional(),
  }),
  fare: moneySchema,
  /**
   * The signed text of the Aztec symbol (base64url), see code.ts. It describes the passenger, and is removed with the
   * order's personal data, or when the ticket is paid back or exchanged.
   */
  code: z.string().optional(),
  issuedAt: instantSchema,
});

/** One passenger's right to travel. */
export const ticketSchema = z.discriminatedUnion('state', [
  commonTicket.extend({
    state: z.literal('issued'),
    openOffer: openOfferSchema.optional(),
    waiver: waiverSchema.optional(),
  }),
  commonTicket.extend({ state: z.literal('refunded'), refund: ticketRefundSchema }),
  commonTicket.extend({ state: z.literal('checkedIn'), checkIn: checkInSchema }),
  commonTicket.extend({ state: z.literal('exchanged'), exchange: ticketExchangeSchema }),
  commonTicket.extend({ state: z.literal('released') }),
]);
export type Ticket = z.infer<typeof ticketSchema>;
export type TicketState = Ticket['state'];
export type TicketIn<State extends TicketState> = Extract<Ticket, { state: State }>;

/** Every transition of a ticket: the writes use it as their condition. The issue of its order begins each as `issued`. */
export const ticketTransitions: Transitions<TicketState> = {
  issued: ['checkedIn', 'refunded', 'exchanged'],
  checkedIn: [],
  refunded: [],
  exchanged: [],
  released: [],
};

/** The waiver that holds now, if one does. */
export const waiverOf = (ticket: Ticket, now: Instant): Waiver | undefined =>
  ticket.state === 'issued' && ticket.waiver && now < ticket.waiver.until ? ticket.waiver : undefined;

/** Whether the ticket goes back or is exchanged without a fee, because the carrier does not carry as it sold. */
export const isWaived = (ticket: Ticket, now: Instant): boolean => waiverOf(ticket, now) !== undefined;

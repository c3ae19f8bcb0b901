import * as z from 'zod';

/** Ids are branded: only parsing makes one, so a ticket's id does not compile where the code expects an order's. */
const ulid = z.string().regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'must be a ULID');

export const orderIdSchema = ulid.brand<'OrderId'>();
export type OrderId = z.infer<typeof orderIdSchema>;

/**
 * `<orderId>_<attempt>`: the number of a payment at its provider. All providers accept letters, digits and underscores,
 * at most 32 characters. It contains the order's id, so finding the order takes no look-up.
 */
export const paymentIdSchema = z
  .string()
  .regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}_[1-9]\d?$/, 'must be a payment id')
  .brand<'PaymentId'>();
export type PaymentId = z.infer<typeof paymentIdSchema>;

export const paymentIdOf = (orderId: OrderId, attempt: number): PaymentId =>
  paymentIdSchema.parse(`${orderId}_${attempt}`);

export const orderOfPayment = (paymentId: PaymentId): OrderId => orderIdSchema.parse(paymentId.slice(0, 26));

/** One passenger's place on an order, numbered from 1. */
export const itemIdSchema = z
  .string()
  .regex(/^[1-9]$/, 'must be a number from 1 to 9')
  .brand<'ItemId'>();
export type ItemId = z.infer<typeof itemIdSchema>;

/** `<orderId>-<itemId>`: fixed before the ticket exists, so that issuing twice makes the same tickets. */
export const ticketIdSchema = z
  .string()
  .regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}-[1-9]$/, 'must be a ticket id')
  .brand<'TicketId'>();
export type TicketId = z.infer<typeof ticketIdSchema>;

export const ticketIdOf = (orderId: OrderId, itemId: ItemId): TicketId =>
  ticketIdSchema.parse(`${orderId}-${itemId}`);

export const orderOfTicket = (ticketId: TicketId): { orderId: OrderId; itemId: ItemId } => ({
  orderId: orderIdSchema.parse(ticketId.slice(0, 26)),
  itemId: itemIdSchema.parse(ticketId.slice(27)),
});

/** `<orderId>-<ULID>`: an offer for tickets of that order; the second part of an exchange's is the new order's id. */
export const offerIdSchema = z
  .string()
  .regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}-[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'must be an offer id')
  .brand<'OfferId'>();
export type OfferId = z.infer<typeof offerIdSchema>;

export const offerIdOf = (orderId: OrderId, offer: string): OfferId =>
  offerIdSchema.parse(`${orderId}-${offer}`);

export const orderOfOffer = (offerId: OfferId): OrderId => orderIdSchema.parse(offerId.slice(0, 26));

/** The new order of an offer to exchange. */
export const newOrderOf = (offerId: OfferId): OrderId => orderIdSchema.parse(offerId.slice(27));

/** The name of a gate, as the carrier gives it: it says where a ticket was used. */
export const gateIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,63}$/, 'must be a name such as north-3: letters, digits, dots, - and _')
  .brand<'GateId'>();
export type GateId = z.infer<typeof gateIdSchema>;

/** One use of a ticket, named by the gate before it happens: a request that is repeated is the same use. */
export const useIdSchema = z
  .string()
  .regex(/^[\w-]{8,64}$/, 'must have 8 to 64 letters, digits, - and _')
  .brand<'UseId'>();
export type UseId = z.infer<typeof useIdSchema>;

/** The identity provider's `sub`. */
export const userIdSchema = z.string().min(1).max(128).brand<'UserId'>();
export type UserId = z.infer<typeof userIdSchema>;

/** The feed's `stop_id`, any text. */
export const stopIdSchema = z.string().min(1).max(200).brand<'StopId'>();
export type StopId = z.infer<typeof stopIdSchema>;

/** The feed's `trip_id`, any text. */
export const tripIdSchema = z.string().min(1).max(200).brand<'TripId'>();
export type TripId = z.infer<typeof tripIdSchema>;

/** `second`, `first`, `business` …: any class in the carrier's layouts. */
export const classSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be a class such as second')
  .brand<'Class'>();
export type Class = z.infer<typeof classSchema>;

/** A calendar day `YYYY-MM-DD` that exists. */
export const serviceDateSchema = z.iso.date().brand<'ServiceDate'>();
export type ServiceDate = z.infer<typeof serviceDateSchema>;

/** A text in which every character but these is escaped; see timetable/run-id.ts. */
const escaped = '(?:[A-Za-z0-9._-]|![0-9A-F]{2})+';
const runPattern = `${escaped}~\\d{4}-\\d{2}-\\d{2}(?:~\\d{4})?`;

/** `<tripId>~<serviceDate>` with `~<HHMM>` for a departure of a frequency; see timetable/run-id.ts. */
export const runIdSchema = z
  .string()
  .max(700)
  .regex(new RegExp(`^${runPattern}$`), 'must be a run id such as G1~2026-12-01')
  .brand<'RunId'>();
export type RunId = z.infer<typeof runIdSchema>;

/**
 * `<runId>~cancelled`, `~stop-<stop>` or `~delay-<minutes>`: what an operator's announcement does to the tickets of a run.
 * The same announcement has the same id, so announcing twice is one job.
 */
export const jobIdSchema = z
  .string()
  .max(1_400)
  .regex(
    new RegExp(`^${runPattern}~(?:cancelled|delay-[1-9]\\d{0,3}|stop-${escaped})$`),
    'must be the id of a job such as G1~2026-12-01~cancelled',
  )
  .brand<'JobId'>();
export type JobId = z.infer<typeof jobIdSchema>;

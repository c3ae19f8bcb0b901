import * as z from 'zod';
import { attentionSchema, handledSchema } from '../bookings/attention.ts';
import type { Transitions } from '../bookings/transitions.ts';
import {
  classSchema,
  itemIdSchema,
  orderIdSchema,
  paymentIdSchema,
  runIdSchema,
  serviceDateSchema,
  stopIdSchema,
  ticketIdSchema,
  userIdSchema,
} from '../platform/ids.ts';
import { moneySchema } from '../platform/money.ts';
import { localeSchema } from '../platform/locales.ts';
import { instantSchema } from '../platform/time.ts';
import { ownerSchema, placeSchema, type Place } from '../inventory/model.ts';
import { labelSchema, namesSchema } from '../platform/languages.ts';
import { differenceOf, exchangeOfSchema, type Difference, type ExchangeOf } from './exchange.ts';

const personSchema = z.object({
  name: z.string(),
  nameMasked: z.string(),
  /** One of the carrier's passenger types, as its profile had them then. */
  type: z.string(),
  documentMasked: z.string().optional(),
  documentSealed: z.string().optional(),
  documentClaim: z.string().optional(),
});
export type Person = z.infer<typeof personSchema>;

/**
 * A passenger as stored: the document is encrypted (`documentSealed`), visible only with a mask, and comparable only by
 * its keyed hash (`documentClaim`).
 */
export const passengerSchema = personSchema.extend({
  /** Who travels on the passenger's lap, without a seat or a ticket of their own. The passenger's fare has theirs in it. */
  onLap: z.array(personSchema).min(1).optional(),
});
export type Passenger = z.infer<typeof passengerSchema>;

/** The people of one item: who has the seat, and who sits on their lap. */
export const peopleOf = (passenger: Passenger): Person[] => [passenger, ...(passenger.onLap ?? [])];

/**
 * The fields of every item, whatever its state: one passenger and their place. After the release the place stays,
 * because late money takes the same seat again.
 */
const seated = z.object({
  itemId: itemIdSchema,
  passenger: passengerSchema,
  class: classSchema,
  fare: moneySchema,
  place: placeSchema,
  /** The seat to which the passenger changes on the way, where the order has such a change. */
  thenPlace: placeSchema.optional(),
});

/** The ticket of an item that had one. */
const formerTicket = ticketIdSchema.optional();

/**
 * One passenger's place on an order, or two if the passenger changes seats on the way: whatever is said of an item's piece
 * is said of both. A `living` or `ticketed` item owns its piece. A `releasing` item has given it up,
 * and its release is due since `releaseDue`. After the answer to the release the item is `released`. An item whose
 * ticket was paid back keeps the ticket's id.
 */
export const orderItemSchema = z.discriminatedUnion('state', [
  seated.extend({ state: z.literal('living') }),
  seated.extend({ state: z.literal('ticketed'), ticketId: ticketIdSchema }),
  seated.extend({ state: z.literal('releasing'), releaseDue: instantSchema, ticketId: formerTicket }),
  seated.extend({ state: z.literal('released'), ticketId: formerTicket }),
]);
export type OrderItem = z.infer<typeof orderItemSchema>;
export type ItemState = OrderItem['state'];
export type ItemIn<State extends ItemState> = Extract<OrderItem, { state: State }>;

/** Every transition of an item: the writes use it as their condition. The commit of its order begins each as `living`. */
export const itemTransitions: Transitions<ItemState> = {
  living: ['ticketed', 'releasing'],
  ticketed: ['releasing'],
  releasing: ['released'],
  released: ['living'],
};

/** A contact as stored; the code that reads a buyer's request checks what the buyer may send. */
export const contactSchema = z.object({
  email: z.string(),
  phone: z.string().optional(),
  locale: localeSchema,
});
export type Contact = z.infer<typeof contactSchema>;

export const orderEvents = [
  'order-held',
  'order-closing',
  'order-releasing',
  'order-from-waitlist',
  'order-paid',
  'order-issued',
  'order-disrupted',
  'tickets-refunded',
  'tickets-exchanged',
  'order-expired',
  'order-cancelled',
  'order-refunding',
  'order-refunded',
  'order-refund-granted',
] as const;
export type OrderEvent = (typeof orderEvents)[number];

export const historyEntrySchema = z.object({
  at: instantSchema,
  event: z.enum(orderEvents),
  /** What exactly it is about, if the order has several such things. */
  subject: z.string().optional(),
});
export type HistoryEntry = z.infer<typeof historyEntrySchema>;

/** A stop at which passengers change seats. */
export const seatChangeSchema = z.object({
  stopId: stopIdSchema,
  name: z.string(),
  names: namesSchema.optional(),
  index: z.int(),
  departs: z.string(),
});
export type SeatChange = z.infer<typeof seatChangeSchema>;

/** The fields of every order, whatever its state. */
const common = z.object({
  orderId: orderIdSchema,
  userId: userIdSchema,
  createdAt: instantSchema,
  runId: runIdSchema,
  trip: z.string(),
  tripNames: namesSchema.optional(),
  headsign: labelSchema.optional(),
  from: z.object({
    stopId: stopIdSchema,
    name: z.string(),
    names: namesSchema.optional(),
    index: z.int(),
    departs: z.string(),
  }),
  to: z.object({
    stopId: stopIdSchema,
    name: z.string(),
    names: namesSchema.optional(),
    index: z.int(),
    arrives: z.string(),
  }),
  /** The time of the stretch: passengers may not travel elsewhere meanwhile. */
  departsAt: instantSchema,
  arrivesAt: instantSchema,
  class: classSchema,
  /** The stop at which its passengers change seats; they stay on the run, and each item has a `thenPlace`. */
  seatChange: seatChangeSchema.optional(),
  /** Absent after the order's personal data has ended. */
  contact: contactSchema.optional(),
  /** Whether the contact's e-mail is the user's own, confirmed to the identity provider. */
  contactConfirmed: z.boolean().optional(),
  /** What its passengers pay for it: the fares, or for an exchange the difference, which may be nothing. */
  amount: moneySchema,
  /** Absent unless its passengers exchange tickets of another order for it. */
  exchangeOf: exchangeOfSchema.optional(),
  /** How the party got its seats: who sits near whom, and who has a seat for special needs, if somebody needs one. */
  seating: z
    .object({ groups: z.array(z.array(itemIdSchema)), specialNeeds: z.array(itemIdSchema).optional() })
    .optional(),
  expiresAt: instantSchema,
  items: z.record(z.string(), orderItemSchema),
  /** Append-only; the functions publish these entries as events. */
  history: z.array(historyEntrySchema),
  /** Owners that can no longer become the owner of an item (docs/protocol.md, T17). */
  fenced: z.set(ownerSchema).optional(),
  /** The number of the workflow's execution that must drive this order: `orderId-n`. */
  execution: z.int().positive(),
  /** The entry of the waitlist that it comes from: the one with its own id. */
  entryId: orderIdSchema.optional(),
  /** The day on which it counts as ended in its user's budget; absent while it must not count. */
  endsOn: serviceDateSchema.optional(),
  taskToken: z.string().optional(),
  attention: attentionSchema.optional(),
  handled: z.array(handledSchema).optional(),
  dueAt: instantSchema.optional(),
});

const endReason = z.enum(['expired', 'cancelled']);
export type EndReason = z.infer<typeof endReason>;

export const orderSchema = z.discriminatedUnion('state', [
  common.extend({ state: z.literal('held') }),
  common.extend({ state: z.literal('closing'), endReason }),
  common.extend({ state: z.literal('releasing'), endReason }),
  common.extend({ state: z.literal('expired') }),
  common.extend({ state: z.literal('cancelled') }),
  common.extend({ state: z.literal('paid'), paidBy: paymentIdSchema }),
  /** Without a payment if it was exchanged and nothing was to be paid. */
  common.extend({ state: z.literal('issued'), paidBy: paymentIdSchema.optional() }),
  common.extend({ state: z.literal('refunding'), paidBy: paymentIdSchema }),
  common.extend({ state: z.literal('refunded'), paidBy: paymentIdSchema }),
  z.object({ state: z.literal('void'), orderId: orderIdSchema, voidedAt: instantSchema }),
]);
export type Order = z.infer<typeof orderSchema>;
export type OrderState = Order['state'];
export type CommittedOrder = Exclude<Order, { state: 'void' }>;
export type OrderIn<State extends OrderState> = Extract<Order, { state: State }>;

/**
 * Every transition of an order: the writes use it as their condition. The other conditions: docs/protocol.md,
 * "Transitions".
 */
export const orderTransitions: Readonly<Record<OrderState | 'absent', readonly OrderState[]>> = {
  absent: ['held', 'paid', 'void'],
  held: ['closing', 'paid', 'issued'],
  closing: ['paid', 'releasing'],
  releasing: ['expired', 'cancelled'],
  expired: ['paid', 'refunding'],
  cancelled: ['paid', 'refunding'],
  paid: ['issued', 'refunding'],
  issued: [],
  refunding: ['refunded'],
  refunded: [],
  void: [],
};

/** A paid order gets its tickets within seconds; after this long the clean-up issues them. */
export const issueWithinSeconds = 30;

/** In these states an order keeps its seats. */
export const livingStates: ReadonlySet<OrderState> = new Set(['held', 'closing', 'paid', 'issued']);

/** The states in which an order has ended: nothing of it needs a person any more. */
export const endStates: ReadonlySet<OrderState> = new Set(['issued', 'expired', 'cancelled', 'refunded']);

/** Orders that count against a user's limit of open orders. */
export const openStates: ReadonlySet<OrderState> = new Set(['held', 'closing', 'releasing']);

/** Whether an item owns its piece. */
export const isLiving = (item: OrderItem): item is ItemIn<'living' | 'ticketed'> =>
  item.state === 'living' || item.state === 'ticketed';

export const isReleasing = (item: OrderItem): item is ItemIn<'releasing'> => item.state === 'releasing';

export const livingItems = (order: Order): ItemIn<'living' | 'ticketed'>[] =>
  order.state === 'void' ? [] : itemsOf(order).filter(isLiving);

/**
 * The items that count as seats of their user, and whose passengers travel nowhere else: the living ones, and those of
 * an order that is ending (T7 to T8).
 */
export const countedItems = (order: Order): OrderItem[] =>
  order.state === 'releasing' ? itemsOf(order) : livingItems(order);

/** The places of an item, in the order in which its passenger sits there. */
export const placesOf = ({ place, thenPlace }: Pick<OrderItem, 'place' | 'thenPlace'>): Place[] =>
  thenPlace ? [place, thenPlace] : [place];

export const itemsOf = (order: CommittedOrder): OrderItem[] =>
  Object.values(order.items).sort((a, b) => a.itemId.localeCompare(b.itemId));

/** An order for which its passengers exchange tickets. */
export type ExchangingOrder = CommittedOrder & { exchangeOf: ExchangeOf };

export const isExchanging = (order: Order): order is Order & ExchangingOrder =>
  order.state !== 'void' && order.exchangeOf !== undefined;

/** What an exchange costs or brings its passengers. */
export const differenceOfOrder = ({ exchangeOf, items, amount }: ExchangingOrder): Difference =>
  differenceOf(
    exchangeOf.tickets.flatMap(({ itemId, former, fee }) => {
      const item = items[itemId];
      return item ? [{ former, fee, fare: item.fare }] : [];
    }),
    amount.currency,
  );

import * as z from 'zod';
import {
  classSchema,
  itemIdSchema,
  orderIdSchema,
  paymentIdSchema,
  runIdSchema,
  stopIdSchema,
  ticketIdSchema,
} from '../../shared/platform/ids.ts';
import { moneySchema } from '../../shared/platform/money.ts';
import { instantSchema } from '../../shared/platform/time.ts';
import { seatWishesSchema } from '../../shared/inventory/model.ts';
import { orderEvents } from '../../shared/orders/model.ts';
import {
  methodSchema,
  paymentActionSchema,
  paymentStates,
  providerSchema,
} from '../../shared/payments/model.ts';
import { documentSchema } from '../../shared/users/document.ts';
import { orderStates } from './order-states.ts';
import { contactRequestSchema, personNameSchema } from './person.ts';
import { route } from './route.ts';
import { changedSeatView, seatChangeRequest, seatChangeView, stopIndex } from './seat-change.ts';
import { headsignField } from './timetable.ts';

const personSchema = z.object({
  name: personNameSchema,
  type: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be a passenger type of the carrier, such as adult')
    .meta({ description: 'One of the passenger types of `GET /v1/carrier`', examples: ['adult'] }),
  document: documentSchema
    .optional()
    .meta({ description: '`GET /v1/carrier` says whether one is needed, and which kinds are taken' }),
});

const passengerSchema = personSchema.extend({
  onLap: z.array(personSchema).max(8).optional().meta({
    description:
      'Who travels on this passenger’s lap, of types `withoutSeat`: the ticket names them, and its fare has theirs in it',
  }),
});

/** The claims of more people on many days would not fit into one write. */
const peopleMax = 9;

export const partySchema = z
  .array(passengerSchema)
  .min(1)
  .max(peopleMax)
  .refine(
    (party) => party.reduce((count, { onLap = [] }) => count + 1 + onLap.length, 0) <= peopleMax,
    `must be at most ${peopleMax} people, with those on laps`,
  );

export const orderRequestSchema = z
  .object({
    runId: runIdSchema,
    from: stopIdSchema,
    to: stopIdSchema,
    fromIndex: stopIndex.optional(),
    toIndex: stopIndex.optional(),
    class: classSchema,
    passengers: partySchema,
    contact: contactRequestSchema,
    seatChange: seatChangeRequest,
    seats: seatWishesSchema.optional(),
  })
  .meta({ id: 'OrderRequest' });

export const paymentAnswerSchema = z
  .object({
    paymentId: paymentIdSchema,
    provider: providerSchema,
    method: methodSchema,
    state: z.enum(paymentStates).meta({
      description:
        '`partlyRefunded`: some of its money is back, and more may be under way (`refunds`); `refunded`: all of it is back',
    }),
    amount: moneySchema,
    expiresAt: instantSchema,
    action: paymentActionSchema.optional(),
  })
  .meta({ id: 'Payment' });

export const personView = z.object({ name: z.string(), type: z.string(), document: z.string().optional() });

export const endOfJourney = { stopId: z.string(), name: z.string() };

/** What goes back of a payment. */
export const refundAnswerSchema = z.object({
  paymentId: paymentIdSchema,
  amount: moneySchema,
  state: z.enum(['under-way', 'paid']),
  requestedAt: instantSchema,
});

export const orderAnswerSchema = z
  .object({
    orderId: orderIdSchema,
    state: z.enum(orderStates),
    runId: runIdSchema,
    trip: z.string(),
    headsign: headsignField,
    from: z.object({ ...endOfJourney, departs: z.string() }),
    to: z.object({ ...endOfJourney, arrives: z.string() }),
    class: classSchema,
    seatChange: seatChangeView,
    createdAt: instantSchema,
    expiresAt: instantSchema,
    amount: moneySchema.meta({ description: 'What is paid for it: for an exchange the difference' }),
    exchangeOf: orderIdSchema.optional().meta({ description: 'The order whose tickets it replaces' }),
    items: z.array(
      z.object({
        itemId: itemIdSchema,
        passenger: personView.extend({
          onLap: z
            .array(personView)
            .optional()
            .meta({ description: 'Who has no seat and travels on the lap' }),
        }),
        coach: z.string(),
        seat: z.string().nullable().meta({ description: 'null if places have no numbers' }),
        changesTo: changedSeatView,
        class: classSchema,
        fare: moneySchema,
        ticketId: ticketIdSchema.optional(),
      }),
    ),
    seating: z
      .object({
        together: z.boolean(),
        groups: z.array(z.array(itemIdSchema)).meta({
          description:
            'Items whose passengers sit next to each other, or one behind the other; one group if `together`',
        }),
        specialNeeds: z
          .array(itemIdSchema)
          .optional()
          .meta({ description: 'Only if the order asked for such seats: the items that have one' }),
      })
      .optional()
      .meta({ description: 'How the party got its seats; with a change of seats, the first ones' }),
    payments: z.array(paymentAnswerSchema),
    refunds: z
      .array(refundAnswerSchema)
      .optional()
      .meta({ description: 'what goes back, where a request is about one order' }),
    history: z.array(
      z.object({
        at: instantSchema,
        event: z.enum([...orderEvents, 'ticket-checked-in']),
        ticketId: ticketIdSchema.optional().meta({ description: 'The ticket that was used' }),
      }),
    ),
  })
  .meta({ id: 'Order' });

const path = z.object({ orderId: orderIdSchema });

export const ordersRoutes = {
  placeOrder: route({
    method: 'POST',
    path: '/v1/orders',
    function: 'api/orders/place-order',
    caller: 'passenger',
    tag: 'Orders',
    summary: 'Hold seats for one to nine passengers on one run',
    idempotent: true,
    body: orderRequestSchema,
    success: {
      status: 201,
      description: 'The seats are held until `expiresAt`',
      body: orderAnswerSchema,
      localised: true,
    },
    problems: [
      'sold-out',
      'passenger-time-conflict',
      'passenger-unavailable',
      'too-many-open-orders',
      'too-many-ended-orders',
      'too-many-seats',
      'request-in-progress',
      'invalid-input',
      'idempotency-key-reused',
      'not-on-sale',
      'no-fare',
      'busy',
    ],
  }),
  listOrders: route({
    method: 'GET',
    path: '/v1/orders',
    function: 'api/orders/list-orders',
    caller: 'passenger',
    tag: 'Orders',
    summary: 'List your orders, newest first',
    query: z.object({
      limit: z.coerce.number().int().min(1).max(50).default(20),
      cursor: z.string().max(500).optional(),
    }),
    success: {
      status: 200,
      description: 'A page of orders; send `cursor` to get the next page',
      body: z.object({ orders: z.array(orderAnswerSchema), cursor: z.string().optional() }),
    },
    problems: ['invalid-input'],
  }),
  getOrder: route({
    method: 'GET',
    path: '/v1/orders/{orderId}',
    function: 'api/orders/get-order',
    caller: 'passenger',
    tag: 'Orders',
    summary: 'Get an order',
    pathParameters: path,
    success: { status: 200, description: 'The current order', body: orderAnswerSchema, localised: true },
    problems: ['not-found'],
  }),
  cancelOrder: route({
    method: 'POST',
    path: '/v1/orders/{orderId}/cancellation',
    function: 'api/orders/cancel-order',
    caller: 'passenger',
    tag: 'Orders',
    summary: 'Cancel an unpaid order and release its seats',
    pathParameters: path,
    success: {
      status: 200,
      description:
        'The order: `cancelled`, or `closing` until the payment provider confirms that no payment is pending',
      body: orderAnswerSchema,
    },
    problems: ['not-found', 'order-not-held'],
  }),
  createPayment: route({
    method: 'POST',
    path: '/v1/orders/{orderId}/payments',
    function: 'api/payments/create-payment',
    caller: 'passenger',
    tag: 'Payments',
    summary: 'Start a payment for an order, or for an entry of the waitlist',
    idempotent: true,
    pathParameters: path,
    body: z
      .object({
        provider: z.string().min(1).max(32),
        method: z.string().max(32).optional().meta({
          description:
            'One of the methods of `GET /v1/payment-methods`; without it we choose the one that fits the device',
        }),
        openid: z
          .string()
          .min(1)
          .max(128)
          .optional()
          .meta({ description: 'The passenger’s id in the app around the page, for methods that need it' }),
        returnUrl: z
          .url({ protocol: /^https?$/ })
          .max(1000)
          .optional(),
      })
      .meta({ id: 'PaymentRequest' }),
    success: {
      status: 201,
      description: 'The payment, and in `action` what the passenger must do to pay',
      body: paymentAnswerSchema,
    },
    problems: [
      'not-found',
      'order-not-held',
      'nothing-to-pay',
      'not-on-sale',
      'too-little-time-left',
      'too-many-payments',
      'payment-ended',
      'too-many-unfinished-payments',
      'request-in-progress',
      'invalid-input',
      'idempotency-key-reused',
      'currency-unsupported',
      'provider-unavailable',
      'busy',
    ],
  }),
};

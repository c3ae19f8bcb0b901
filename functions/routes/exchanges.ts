import * as z from 'zod';
import { seatWishesSchema } from '../../shared/inventory/model.ts';
import {
  classSchema,
  itemIdSchema,
  offerIdSchema,
  orderIdSchema,
  runIdSchema,
  stopIdSchema,
  ticketIdSchema,
} from '../../shared/platform/ids.ts';
import { moneySchema } from '../../shared/platform/money.ts';
import { instantSchema } from '../../shared/platform/time.ts';
import { orderAnswerSchema } from './orders.ts';
import { ticketIdsSchema } from './refunds.ts';
import { route } from './route.ts';

const offerRequestSchema = z
  .object({
    ticketIds: ticketIdsSchema,
    runId: runIdSchema,
    from: stopIdSchema,
    to: stopIdSchema,
    class: classSchema,
    seats: seatWishesSchema.optional(),
  })
  .meta({ id: 'ExchangeOfferRequest' });

export const exchangeAnswerSchema = z
  .object({
    offerId: offerIdSchema,
    newOrderId: orderIdSchema,
    validUntil: instantSchema,
    items: z.array(
      z.object({
        itemId: itemIdSchema,
        ticketId: ticketIdSchema.meta({ description: 'The ticket that is exchanged' }),
        coach: z.string(),
        seat: z.string().nullable().meta({ description: 'null if places have no numbers' }),
        class: classSchema,
        price: moneySchema.meta({ description: 'What the ticket cost' }),
        newPrice: moneySchema,
        fee: moneySchema.meta({ description: 'What the carrier keeps for the exchange' }),
      }),
    ),
    fee: moneySchema.meta({ description: 'Everything that the carrier keeps for the exchange' }),
    toPay: moneySchema
      .optional()
      .meta({ description: 'What is to be paid for the new order; nothing if the exchange is free' }),
    toRefund: moneySchema.optional().meta({ description: 'What goes back, if the new tickets are cheaper' }),
  })
  .meta({ id: 'ExchangeOffer' });

/** Tickets that their passengers exchange for others. Anyone but the buyer gets 404. */
export const exchangesRoutes = {
  makeExchangeOffer: route({
    method: 'POST',
    path: '/v1/orders/{orderId}/exchange-offers',
    function: 'api/exchanges/make-offer',
    caller: 'passenger',
    tag: 'Exchanges',
    summary: 'Hold other seats for tickets, and ask what the exchange costs',
    idempotent: true,
    pathParameters: z.object({ orderId: orderIdSchema }),
    body: offerRequestSchema,
    success: {
      status: 201,
      description:
        'The offer: the new order holds the seats until `validUntil`, and the tickets stay valid until it is accepted or paid',
      body: exchangeAnswerSchema,
    },
    problems: [
      'not-found',
      'order-not-issued',
      'ticket-used',
      'ticket-not-valid',
      'exchanged-before',
      'offer-open',
      'same-journey',
      'too-many-tickets',
      'not-exchangeable',
      'too-late-to-exchange',
      'money-gone-back',
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
  acceptExchangeOffer: route({
    method: 'POST',
    path: '/v1/exchange-offers/{offerId}/acceptance',
    function: 'api/exchanges/accept-offer',
    caller: 'passenger',
    tag: 'Exchanges',
    summary: 'Exchange tickets for what was offered',
    pathParameters: z.object({ offerId: offerIdSchema }),
    success: {
      status: 200,
      description:
        'The new order. If nothing is to be paid, it is `issued`, the earlier tickets are no longer valid, and a difference is on its way; otherwise it is `held`, and its payment completes the exchange',
      body: orderAnswerSchema,
      localised: true,
    },
    problems: [
      'not-found',
      'offer-used',
      'offer-expired',
      'ticket-used',
      'ticket-not-valid',
      'money-gone-back',
      'not-on-sale',
      'busy',
    ],
  }),
};

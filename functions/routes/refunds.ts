import * as z from 'zod';
import { appliedRuleSchema } from '../../shared/platform/after-sale/refund-rules.ts';
import { offerIdSchema, orderIdSchema, ticketIdSchema } from '../../shared/platform/ids.ts';
import { moneySchema } from '../../shared/platform/money.ts';
import { instantSchema } from '../../shared/platform/time.ts';
import { orderAnswerSchema } from './orders.ts';
import { route } from './route.ts';

export const ticketIdsSchema = z
  .array(ticketIdSchema)
  .min(1)
  .max(9)
  .refine((ids) => new Set(ids).size === ids.length, 'must name each ticket once')
  .optional()
  .meta({ description: 'Without it, the offer is for all tickets of the order that are still valid' });

const offerRequestSchema = z.object({ ticketIds: ticketIdsSchema }).meta({ id: 'RefundOfferRequest' });

const offerAnswerSchema = z
  .object({
    offerId: offerIdSchema,
    validUntil: instantSchema,
    tickets: z.array(
      z.object({
        ticketId: ticketIdSchema,
        price: moneySchema,
        fee: moneySchema.meta({ description: 'What the carrier keeps' }),
        rule: appliedRuleSchema.meta({ description: 'The rule of the carrier that makes the fee' }),
        refund: moneySchema.meta({ description: 'What goes back: the price without the fee' }),
      }),
    ),
    refund: moneySchema.meta({ description: 'Everything that goes back' }),
  })
  .meta({ id: 'RefundOffer' });

/** Tickets that their passengers give back. Anyone but the buyer gets 404. */
export const refundsRoutes = {
  makeRefundOffer: route({
    method: 'POST',
    path: '/v1/orders/{orderId}/refund-offers',
    function: 'api/refunds/make-offer',
    caller: 'passenger',
    tag: 'Refunds',
    summary: 'Ask what we pay back for tickets',
    idempotent: true,
    pathParameters: z.object({ orderId: orderIdSchema }),
    body: offerRequestSchema.prefault({}),
    success: {
      status: 201,
      description: 'The offer, which binds the carrier until `validUntil`',
      body: offerAnswerSchema,
    },
    problems: [
      'not-found',
      'order-not-issued',
      'ticket-used',
      'ticket-not-valid',
      'money-gone-back',
      'offer-open',
      'not-refundable',
      'too-late-to-refund',
      'invalid-input',
      'idempotency-key-reused',
      'busy',
    ],
  }),
  acceptRefundOffer: route({
    method: 'POST',
    path: '/v1/refund-offers/{offerId}/acceptance',
    function: 'api/refunds/accept-offer',
    caller: 'passenger',
    tag: 'Refunds',
    summary: 'Give tickets back for what was offered',
    pathParameters: z.object({ offerId: offerIdSchema }),
    success: {
      status: 200,
      description:
        'The order. The tickets are no longer valid, their seats are on sale again, and the money is on its way',
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
      'busy',
    ],
  }),
};

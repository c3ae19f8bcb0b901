import * as z from 'zod';
import { appliedRuleSchema } from '../platform/after-sale/refund-rules.ts';
import { itemIdSchema, offerIdSchema, orderIdSchema, ticketIdSchema, userIdSchema } from '../platform/ids.ts';
import { moneySchema } from '../platform/money.ts';
import { instantSchema } from '../platform/time.ts';

/** What an offer says about one ticket: its price, what the carrier keeps, what goes back, and by which rule. */
const offeredTicketSchema = z.object({
  ticketId: ticketIdSchema,
  itemId: itemIdSchema,
  price: moneySchema,
  fee: moneySchema,
  refund: moneySchema,
  rule: appliedRuleSchema,
});
export type OfferedTicket = z.infer<typeof offeredTicketSchema>;

/** An offer to pay tickets of one order back. It binds the carrier until its end; the tickets tell what became of it. */
export const refundOfferSchema = z.object({
  offerId: offerIdSchema,
  orderId: orderIdSchema,
  userId: userIdSchema,
  createdAt: instantSchema,
  validUntil: instantSchema,
  tickets: z.array(offeredTicketSchema).min(1).max(9),
  /** Everything that goes back. */
  refund: moneySchema,
});
export type RefundOffer = z.infer<typeof refundOfferSchema>;

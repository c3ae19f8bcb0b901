import { offerIdOf } from '../../shared/platform/ids.ts';
import { ticketSchema, type Ticket } from '../../shared/tickets/model.ts';
import { sampleTickets, type sampleOrder } from './sample-order.ts';

/** Tickets that their passengers gave back for their price without a fee, in minor units each. */
export const refundedTickets = (order: ReturnType<typeof sampleOrder<'issued'>>, fee: number): Ticket[] =>
  sampleTickets(order).map(({ code: _code, ...ticket }) => {
    const { amount, currency } = ticket.fare;
    return ticketSchema.parse({
      ...ticket,
      state: 'refunded',
      refund: {
        offerId: offerIdOf(order.orderId, order.orderId),
        at: order.createdAt,
        fee: { amount: fee, currency },
        amount: { amount: amount - fee, currency },
        rule: { atLeast: 'PT0H', percent: 20 },
      },
    });
  });

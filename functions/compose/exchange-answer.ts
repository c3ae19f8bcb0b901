import type * as z from 'zod';
import { differenceOfOrder, isExchanging, type OrderIn } from '../../shared/orders/model.ts';
import { ticketIdOf } from '../../shared/platform/ids.ts';
import { exchangeAnswerSchema } from '../routes/exchanges.ts';

/** An exchange offer as its owner sees it: the new order, what it costs, and what it replaces. */
export const exchangeAnswerOf = (order: OrderIn<'held'>): z.output<typeof exchangeAnswerSchema> => {
  if (!isExchanging(order)) throw new Error(`the order ${order.orderId} replaces no tickets`);
  const { orderId, exchangeOf, expiresAt, items } = order;
  const { toPay, toRefund, fee } = differenceOfOrder(order);
  return exchangeAnswerSchema.parse({
    offerId: exchangeOf.offerId,
    newOrderId: orderId,
    validUntil: expiresAt,
    items: exchangeOf.tickets.flatMap(({ itemId, former, fee: ofTicket }) => {
      const item = items[itemId];
      if (!item) return [];
      const { place, class: cls, fare } = item;
      return [
        {
          itemId,
          ticketId: ticketIdOf(exchangeOf.orderId, itemId),
          coach: place.coach,
          seat: place.seat || null,
          class: cls,
          price: former,
          newPrice: fare,
          fee: ofTicket,
        },
      ];
    }),
    fee,
    ...(toRefund.amount > 0 ? { toRefund } : { toPay }),
  });
};

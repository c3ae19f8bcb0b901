import { entryOf } from '../ledger/rules.ts';
import { putEntry } from '../ledger/store.ts';
import { countGivenUp } from '../orders/counts-store.ts';
import { giveUpItems } from '../orders/give-up-store.ts';
import {
  differenceOfOrder,
  isExchanging,
  itemsOf,
  type ExchangingOrder,
  type Order,
  type OrderIn,
  type OrderItem,
} from '../orders/model.ts';
import type { ClaimWish } from '../orders/rules.ts';
import { readOrder } from '../orders/store.ts';
import { claimsOfItems } from '../paying/claims-of.ts';
import type { LabelledWrite, Table } from '../platform/dynamo.ts';
import { ticketIdOf } from '../platform/ids.ts';
import type { Instant } from '../platform/time.ts';
import { exchangeTicket } from '../tickets/exchange-store.ts';
import { listTickets } from '../tickets/store.ts';
import type { Former } from './decide-issue.ts';

/** The tickets for which an order's passengers exchange; undefined for any other order. */
export const readFormer = async (bookings: Table, order: Order | undefined): Promise<Former | undefined> => {
  if (!order || !isExchanging(order)) return undefined;
  const { orderId } = order.exchangeOf;
  const [former, tickets] = await Promise.all([
    readOrder(bookings, orderId, { consistent: true }),
    listTickets(bookings, orderId, { consistent: true }),
  ]);
  return former?.state === 'issued' ? { order: former, tickets } : undefined;
};

/** The items that give their seats up for an order. */
const replacedItems = ({ exchangeOf }: ExchangingOrder, { order }: Former): OrderItem[] =>
  itemsOf(order).filter(({ itemId }) => exchangeOf.tickets.some((replaced) => replaced.itemId === itemId));

/** The claims that end with the replaced tickets. */
export const replacedClaims = (order: ExchangingOrder, former: Former): ClaimWish[] =>
  claimsOfItems(former.order, replacedItems(order, former));

/**
 * T15, T18: the writes that end the replaced tickets, in the transaction that issues the new ones; the claims are besides.
 * At T18 the tickets must still be bound to the exchange, and the order is unpaid until then.
 */
export const endReplaced = (
  bookings: Table,
  order: ExchangingOrder & OrderIn<'paid' | 'held'>,
  former: Former,
  now: Instant,
): LabelledWrite<'former' | 'former-ticket' | 'count' | 'journal'>[] => {
  const { orderId, exchangeOf, items } = order;
  const { offerId, tickets } = exchangeOf;
  const itemIds = tickets.map(({ itemId }) => itemId);
  const isUnpaid = order.state === 'held';
  const { fee } = differenceOfOrder(order);
  const facts = { orderId: former.order.orderId, source: offerId, amount: fee, at: now };
  return [
    {
      label: 'former',
      write: giveUpItems(bookings, former.order.orderId, {
        itemIds,
        offerId,
        event: 'tickets-exchanged',
        now,
      }),
    },
    ...tickets.flatMap((ticket) => {
      const { itemId } = ticket;
      const fare = items[itemId]?.fare;
      if (!fare) return [];
      const exchange = {
        offerId,
        at: now,
        newOrderId: orderId,
        newTicketId: ticketIdOf(orderId, itemId),
        fare,
        fee: ticket.fee,
      };
      const ref = { orderId: former.order.orderId, itemId };
      return [
        {
          label: 'former-ticket' as const,
          write: exchangeTicket(bookings, ref, exchange, { bound: isUnpaid }),
        },
      ];
    }),
    {
      label: 'count',
      write: countGivenUp(bookings, former.order, itemIds.length, { openOrders: isUnpaid ? 1 : 0 }),
    },
    ...(fee.amount > 0
      ? [{ label: 'journal' as const, write: putEntry(bookings, entryOf('fee-kept', facts)) }]
      : []),
  ];
};

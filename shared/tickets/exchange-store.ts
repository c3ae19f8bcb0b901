import { bookingKey } from '../bookings/keys.ts';
import { wayTo } from '../bookings/transitions.ts';
import { allOf, clause } from '../platform/clauses.ts';
import { updateIf } from '../platform/conditional-writes.ts';
import type { Table, TransactItem } from '../platform/dynamo.ts';
import type { OfferId } from '../platform/ids.ts';
import { ticketTransitions, type Ticket, type TicketExchange } from './model.ts';

type Ref = Pick<Ticket, 'orderId' | 'itemId'>;

const keyOf = ({ orderId, itemId }: Ref) => bookingKey('ticket', orderId, itemId);

/**
 * T15, T18, the earlier ticket's part: `issued → exchanged`. `bound`: it is bound to this exchange now; without that, money
 * that came in time exchanges it as long as it is valid.
 */
export const exchangeTicket = (
  bookings: Table,
  ticket: Ref,
  exchange: TicketExchange,
  { bound }: { bound: boolean },
): TransactItem => {
  const way = wayTo(ticketTransitions, 'exchanged');
  const binding = ['openOffer.offerId = :offerId', 'openOffer.validUntil > :at'];
  return {
    Update: {
      TableName: bookings.name,
      Key: keyOf(ticket),
      ConditionExpression: allOf(way.condition, ...(bound ? binding : [])),
      UpdateExpression: 'SET #state = :exchanged, #exchange = :exchange REMOVE openOffer, code',
      ExpressionAttributeNames: { '#state': 'state', '#exchange': 'exchange' },
      ExpressionAttributeValues: {
        ...way.values,
        ':exchange': exchange,
        ...(bound && { ':offerId': exchange.offerId, ':at': exchange.at }),
      },
    },
  };
};

/** A ticket is free for other offers, if this offer still binds it. */
export const unbindFrom = async (bookings: Table, ticket: Ref, offerId: OfferId): Promise<void> => {
  await updateIf(bookings, keyOf(ticket), {
    onlyIf: [clause('openOffer.offerId = :offerId', { ':offerId': offerId })],
    update: 'REMOVE openOffer',
  });
};

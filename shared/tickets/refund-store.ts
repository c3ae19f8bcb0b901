import { bookingKey } from '../bookings/keys.ts';
import { wayTo } from '../bookings/transitions.ts';
import { allOf } from '../platform/clauses.ts';
import type { Table, TransactItem } from '../platform/dynamo.ts';
import type { Instant } from '../platform/time.ts';
import { ticketTransitions, type OpenOffer, type Ticket, type TicketRefund } from './model.ts';

type Ref = Pick<Ticket, 'orderId' | 'itemId'>;

const keyOf = ({ orderId, itemId }: Ref) => bookingKey('ticket', orderId, itemId);

/** Binds a valid ticket to an offer; refused while another offer for it is open. */
export const bindToOffer = (
  bookings: Table,
  ticket: Ref,
  { offer, now }: { offer: OpenOffer; now: Instant },
): TransactItem => ({
  Update: {
    TableName: bookings.name,
    Key: keyOf(ticket),
    ConditionExpression: allOf(
      '#state = :issued',
      'attribute_not_exists(openOffer) OR openOffer.validUntil <= :now',
    ),
    UpdateExpression: 'SET openOffer = :offer',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':issued': 'issued', ':offer': offer, ':now': now },
  },
});

/** T19, the ticket's part: `issued → refunded` by the offer that it is bound to, before that ends. */
export const refundTicket = (bookings: Table, ticket: Ref, refund: TicketRefund): TransactItem => {
  const way = wayTo(ticketTransitions, 'refunded');
  return {
    Update: {
      TableName: bookings.name,
      Key: keyOf(ticket),
      ConditionExpression: allOf(way.condition, 'openOffer.offerId = :offerId', 'openOffer.validUntil > :at'),
      UpdateExpression: 'SET #state = :refunded, #refund = :refund REMOVE openOffer, code',
      ExpressionAttributeNames: { '#state': 'state', '#refund': 'refund' },
      ExpressionAttributeValues: {
        ...way.values,
        ':refund': refund,
        ':offerId': refund.offerId,
        ':at': refund.at,
      },
    },
  };
};

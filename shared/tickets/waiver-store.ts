import { bookingKey } from '../bookings/keys.ts';
import { wayTo } from '../bookings/transitions.ts';
import { allOf } from '../platform/clauses.ts';
import type { Table, TransactItem } from '../platform/dynamo.ts';
import { ticketTransitions, type Ticket, type TicketRefund, type Waiver } from './model.ts';

type Ref = Pick<Ticket, 'orderId' | 'itemId'>;

const keyOf = ({ orderId, itemId }: Ref) => bookingKey('ticket', orderId, itemId);

/** T42, the ticket's part: a valid ticket, with the waiver that was read, gets this one. */
export const waiveTicket = (
  bookings: Table,
  ticket: Ref,
  { waiver, replaced }: { waiver: Waiver; replaced: Waiver | undefined },
): TransactItem => ({
  Update: {
    TableName: bookings.name,
    Key: keyOf(ticket),
    ConditionExpression: allOf(
      '#state = :issued',
      replaced ? 'waiver.jobId = :replaced' : 'attribute_not_exists(waiver)',
    ),
    UpdateExpression: 'SET waiver = :waiver',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: {
      ':issued': 'issued',
      ':waiver': waiver,
      ...(replaced && { ':replaced': replaced.jobId }),
    },
  },
});

/**
 * T43, the ticket's part: `issued → refunded` by the job that waived it, after the end of the waiver, and while no offer is
 * open: its passenger may be accepting that one.
 */
export const refundWaivedTicket = (
  bookings: Table,
  ticket: Ref,
  refund: TicketRefund & { jobId: Waiver['jobId'] },
): TransactItem => {
  const way = wayTo(ticketTransitions, 'refunded');
  return {
    Update: {
      TableName: bookings.name,
      Key: keyOf(ticket),
      ConditionExpression: allOf(
        way.condition,
        'waiver.jobId = :jobId',
        'waiver.#until <= :at',
        'attribute_not_exists(openOffer) OR openOffer.validUntil <= :at',
      ),
      UpdateExpression: 'SET #state = :refunded, #refund = :refund REMOVE openOffer, code',
      ExpressionAttributeNames: { '#state': 'state', '#refund': 'refund', '#until': 'until' },
      ExpressionAttributeValues: {
        ...way.values,
        ':refund': refund,
        ':jobId': refund.jobId,
        ':at': refund.at,
      },
    },
  };
};

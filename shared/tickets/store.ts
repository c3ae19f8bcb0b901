import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { bookingKey, bookingKeys } from '../bookings/keys.ts';
import { allOf } from '../platform/clauses.ts';
import type { Item, Table, TransactItem } from '../platform/dynamo.ts';
import { orderOfTicket, type ItemId, type OrderId, type TicketId } from '../platform/ids.ts';
import { ticketSchema, type Ticket } from './model.ts';

/** Tickets live in their order's partition, under `TICKET#<itemId>`. */
const keyOf = (orderId: OrderId, itemId: ItemId) => bookingKey('ticket', orderId, itemId);

export const ticketFromItem = (item: Item): Ticket => ticketSchema.parse(item);

/** One write of the transaction that issues an order. DynamoDB refuses it if the ticket already exists. */
export const putTicket = (bookings: Table, ticket: Ticket): TransactItem => ({
  Put: {
    TableName: bookings.name,
    Item: { ...ticketSchema.parse(ticket), ...keyOf(ticket.orderId, ticket.itemId) },
    ConditionExpression: allOf('attribute_not_exists(pk)'),
  },
});

export const readTicket = async (
  bookings: Table,
  ticketId: TicketId,
  { consistent = false } = {},
): Promise<Ticket | undefined> => {
  const { orderId, itemId } = orderOfTicket(ticketId);
  const { Item: item } = await bookings.client.send(
    new GetCommand({ TableName: bookings.name, Key: keyOf(orderId, itemId), ConsistentRead: consistent }),
  );
  return item && ticketFromItem(item);
};

/** All tickets of an order, in the order of its items: at most nine, so one page. */
export const listTickets = async (
  bookings: Table,
  orderId: OrderId,
  { consistent = false } = {},
): Promise<Ticket[]> => {
  const { pk, skPrefix } = bookingKeys('ticket', orderId);
  const { Items: items = [] } = await bookings.client.send(
    new QueryCommand({
      TableName: bookings.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :tickets)',
      ExpressionAttributeValues: { ':pk': pk, ':tickets': skPrefix },
      ConsistentRead: consistent,
    }),
  );
  return items.map(ticketFromItem);
};

/** A ticket's part in removing an order's personal data: the ticket and its code no longer name the passenger. */
export const stripTicket = (bookings: Table, { orderId, itemId }: Ticket, name: string): TransactItem => ({
  Update: {
    TableName: bookings.name,
    Key: keyOf(orderId, itemId),
    ConditionExpression: allOf('attribute_exists(pk)'),
    UpdateExpression: 'SET passenger = :passenger REMOVE code',
    ExpressionAttributeValues: { ':passenger': { name } },
  },
});

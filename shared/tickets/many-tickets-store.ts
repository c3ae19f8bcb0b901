import { bookingKey } from '../bookings/keys.ts';
import { readAll } from '../platform/batch-read.ts';
import type { Table } from '../platform/dynamo.ts';
import { orderOfTicket, type TicketId } from '../platform/ids.ts';
import type { Ticket } from './model.ts';
import { ticketFromItem } from './store.ts';

/** Many tickets, in the order of these distinct ids, without those that do not exist. */
export const readTickets = async (
  bookings: Table,
  ticketIds: readonly TicketId[],
  { consistent }: { consistent: boolean },
): Promise<Ticket[]> => {
  const keys = ticketIds.map((ticketId) => {
    const { orderId, itemId } = orderOfTicket(ticketId);
    return bookingKey('ticket', orderId, itemId);
  });
  const found = (await readAll(bookings, keys, { consistent })).map(ticketFromItem);
  const byId = new Map(found.map((ticket) => [ticket.ticketId, ticket]));
  return ticketIds.flatMap((ticketId) => byId.get(ticketId) ?? []);
};

import { bookingsTable } from '../../../shared/platform/clients.ts';
import { drawCode } from '../../../shared/tickets/draw-code.ts';
import { readTicket } from '../../../shared/tickets/store.ts';
import { apiHandler, refused, sent } from '../../middleware/api-handler.ts';
import { ticketsRoutes } from '../../routes/tickets.ts';

export const handler = apiHandler(ticketsRoutes.getTicketCode, async ({ path: { ticketId }, caller }) => {
  const ticket = await readTicket(bookingsTable(), ticketId);
  if (!ticket?.code || ticket.userId !== caller.userId) return refused('not-found');
  // The owner's browser may cache it: a ticket's code never changes.
  return sent('image/png', await drawCode(ticket.code));
});

import { bookingsTable } from '../../../shared/platform/clients.ts';
import { readTicket } from '../../../shared/tickets/store.ts';
import { answered, apiHandler, refused } from '../../middleware/api-handler.ts';
import { ticketsRoutes } from '../../routes/tickets.ts';

/** A ticket of somebody else is answered like one that does not exist: ids must not tell what was sold. */
export const handler = apiHandler(ticketsRoutes.getTicket, async ({ path: { ticketId }, caller }) => {
  const ticket = await readTicket(bookingsTable(), ticketId);
  if (!ticket || ticket.userId !== caller.userId) return refused('not-found');
  return answered(ticket);
});

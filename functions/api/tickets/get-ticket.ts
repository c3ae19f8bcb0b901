import { bookingsTable } from '../../../shared/platform/clients.ts';
import { readTicket } from '../../../shared/tickets/store.ts';
import { answered, apiHandler, refused } from '../../middleware/api-handler.ts';
import { ticketsRoutes } from '../../routes/tickets.ts';

/** Another user's ticket gets the same answer as one that does not exist: ids must not reveal what was sold. */
export const handler = apiHandler(ticketsRoutes.getTicket, async ({ path: { ticketId }, caller }) => {
  const ticket = await readTicket(bookingsTable(), ticketId);
  if (!ticket || ticket.userId !== caller.userId) return refused('not-found');
  return answered(ticket);
});

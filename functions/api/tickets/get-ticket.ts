import { bookingsTable } from '../../../shared/platform/clients.ts';
import { journeyIn, seatChangeIn } from '../../../shared/timetable/rules.ts';
import { readTicket } from '../../../shared/tickets/store.ts';
import { answered, apiHandler, refused } from '../../middleware/api-handler.ts';
import { ticketsRoutes } from '../../routes/tickets.ts';

/** Another user's ticket gets the same answer as one that does not exist: ids must not reveal what was sold. */
export const handler = apiHandler(
  ticketsRoutes.getTicket,
  async ({ path: { ticketId }, caller, languages }) => {
    const ticket = await readTicket(bookingsTable(), ticketId);
    if (!ticket || ticket.userId !== caller.userId) return refused('not-found');
    const { tripNames: _tripNames, headsign: _headsign, ...stored } = ticket;
    const change = ticket.seatChange;
    return answered({
      ...stored,
      ...journeyIn(languages, ticket),
      seat: ticket.seat || null,
      ...(change && {
        seatChange: { ...seatChangeIn(languages, change), coach: change.coach, seat: change.seat || null },
      }),
    });
  },
);

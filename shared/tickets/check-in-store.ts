import { bookingKey } from '../bookings/keys.ts';
import { wayTo } from '../bookings/transitions.ts';
import { updateIf } from '../platform/conditional-writes.ts';
import type { Table } from '../platform/dynamo.ts';
import { orderOfTicket, type TicketId } from '../platform/ids.ts';
import { ticketTransitions, type CheckIn, type Ticket } from './model.ts';
import { ticketFromItem } from './store.ts';

/**
 * T41: `issued → checkedIn`, once, whatever offer is open. Returns the ticket as it is then, or the one that refused;
 * undefined if there is none.
 */
export const checkInTicket = async (
  bookings: Table,
  ticketId: TicketId,
  checkIn: CheckIn,
): Promise<{ outcome: 'written' | 'refused'; ticket: Ticket | undefined }> => {
  const { orderId, itemId } = orderOfTicket(ticketId);
  const { outcome, item } = await updateIf(bookings, bookingKey('ticket', orderId, itemId), {
    onlyIf: [wayTo(ticketTransitions, 'checkedIn')],
    update: 'SET #state = :checkedIn, checkIn = :checkIn REMOVE openOffer',
    names: { '#state': 'state' },
    values: { ':checkIn': checkIn },
    returns: { written: true, refused: true },
  });
  return { outcome, ticket: item && ticketFromItem(item) };
};

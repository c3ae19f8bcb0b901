import type { TicketIn } from '../tickets/model.ts';
import { findingsAbout, type Lookups } from './lookups.ts';
import type { Finding, OrderPart } from './model.ts';

const isRefunded = (ticket: OrderPart['tickets'][number]): ticket is TicketIn<'refunded'> =>
  ticket.state === 'refunded';

export const refundedTickets = ({ tickets }: OrderPart): TicketIn<'refunded'>[] => tickets.filter(isRefunded);

const sumOf = (amounts: readonly { amount: number }[]): number =>
  amounts.reduce((total, { amount }) => total + amount, 0);

/** Checks the money of tickets that their passengers gave back: each fare goes back or is kept, and the refunds say so. */
export const auditRefundedTickets = (part: OrderPart, lookups: Pick<Lookups, 'partOf'>): Finding[] => {
  const { findings, report } = findingsAbout({ kind: 'order', orderId: part.orderId });
  const tickets = refundedTickets(part);
  for (const { ticketId, fare, refund } of tickets) {
    const [back, kept] = [refund.amount.amount, refund.fee.amount];
    if (back >= 0 && kept >= 0 && back + kept === fare.amount) continue;
    const what = `of the ${fare.amount} minor units of the ticket ${ticketId}, ${back} go back and ${kept} are kept`;
    report('ticket-refund', ticketId, what);
  }
  const promised = sumOf(tickets.map(({ refund }) => refund.amount));
  const refunds = refundsForTickets(part, lookups);
  if (!refunds) return findings;
  const refunded = sumOf(refunds.map(({ amount }) => amount));
  if (promised !== refunded) {
    const what = `${refunded} minor units go back for tickets of the order ${part.orderId}, not ${promised}`;
    report('ticket-refund', part.orderId, what);
  }
  return findings;
};

/**
 * The refunds for an order's tickets: its own, and those of the order whose tickets were exchanged for it. Undefined if that
 * one is not known.
 */
const refundsForTickets = (
  { orderId, order, refunds }: OrderPart,
  { partOf }: Pick<Lookups, 'partOf'>,
): OrderPart['refunds'] | undefined => {
  const own = refunds.filter(({ reason, forOrder }) => reason === 'ticket-refunded' && !forOrder);
  if (!order || order.state === 'void' || !order.exchangeOf) return own;
  const former = partOf(order.exchangeOf.orderId);
  return former && [...own, ...former.refunds.filter(({ forOrder }) => forOrder === orderId)];
};

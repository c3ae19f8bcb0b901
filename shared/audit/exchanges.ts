import { differenceOf } from '../orders/exchange.ts';
import { differenceOfOrder, isExchanging, type ExchangingOrder } from '../orders/model.ts';
import type { TicketIn } from '../tickets/model.ts';
import { findingsAbout, type Lookups } from './lookups.ts';
import type { Finding, OrderPart } from './model.ts';

type Report = ReturnType<typeof findingsAbout>['report'];

const isExchanged = (ticket: OrderPart['tickets'][number]): ticket is TicketIn<'exchanged'> =>
  ticket.state === 'exchanged';

export const exchangedTickets = ({ tickets }: OrderPart): TicketIn<'exchanged'>[] =>
  tickets.filter(isExchanged);

/** Checks exchanges from both sides: each ticket ends with the issue of the one in its place, and the money agrees. */
export const auditExchanges = (part: OrderPart, lookups: Lookups): Finding[] => {
  const { findings, report } = findingsAbout({ kind: 'order', orderId: part.orderId });
  auditExchanged(part, lookups, report);
  const { order } = part;
  if (order && isExchanging(order)) auditReplacing(order, lookups, report);
  return findings;
};

/** The tickets that were exchanged for another order. */
const auditExchanged = (part: OrderPart, { orderOf }: Lookups, report: Report): void => {
  const tickets = exchangedTickets(part);
  for (const { ticketId, exchange } of tickets) {
    const order = orderOf(exchange.newOrderId);
    if (!order || order.state === 'issued') continue;
    const what = `the ticket ${ticketId} was exchanged for one of the ${order.state} order ${order.orderId}`;
    report('exchange-once', ticketId, what);
  }
  const offers = Map.groupBy(tickets, ({ exchange }) => exchange.offerId);
  const promised = [...offers.values()].reduce((sum, ofOffer) => {
    const terms = ofOffer.map(({ fare, exchange }) => ({
      former: fare,
      fee: exchange.fee,
      fare: exchange.fare,
    }));
    return sum + differenceOf(terms, terms[0]?.former.currency ?? '').toRefund.amount;
  }, 0);
  const back = part.refunds
    .filter(({ reason }) => reason === 'ticket-exchanged')
    .reduce((sum, { amount }) => sum + amount.amount, 0);
  if (promised === back) return;
  const what = `${back} minor units go back for exchanged tickets of the order ${part.orderId}, not ${promised}`;
  report('exchange-money', part.orderId, what);
};

/** The order for which tickets were exchanged, or are to be. */
const auditReplacing = (order: ExchangingOrder, { partOf }: Lookups, report: Report): void => {
  const { orderId, exchangeOf, amount, state } = order;
  const { toPay } = differenceOfOrder(order);
  if (toPay.amount !== amount.amount) {
    const what = `the exchange ${orderId} costs ${toPay.amount} minor units, and its order ${amount.amount}`;
    report('exchange-money', orderId, what);
  }
  const former = partOf(exchangeOf.orderId);
  if (!former) return;
  for (const { itemId } of exchangeOf.tickets) {
    const ticket = former.tickets.find((each) => each.itemId === itemId);
    const isMine = ticket?.state === 'exchanged' && ticket.exchange.newOrderId === orderId;
    if (!ticket || isMine === (state === 'issued')) continue;
    const what = `the ticket ${ticket.ticketId} is ${ticket.state}, and the order ${orderId} in its place is ${state}`;
    report('exchange-once', `${orderId} ${itemId}`, what);
  }
};

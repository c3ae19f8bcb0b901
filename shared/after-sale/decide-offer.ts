import { answerKeptUntil } from '../bookings/kept-until.ts';
import type { Order, OrderIn } from '../orders/model.ts';
import type { Payment } from '../payments/model.ts';
import type { Carrier } from '../platform/carrier.ts';
import type { OfferId, RunId, TicketId, UserId } from '../platform/ids.ts';
import { sumMoney } from '../platform/money.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Instant } from '../platform/time.ts';
import type { Ticket, TicketIn } from '../tickets/model.ts';
import type { Run } from '../timetable/model.ts';
import type { RefundOffer } from './model.ts';
import { refundsFor, refusalOf } from './decide-acceptance.ts';
import type { OfferRefusal, TicketRefusal } from './refusals.ts';
import { freedomOf, quote, refundRulesOn } from './rules.ts';

/** An order with its tickets and money, and its run, as they were read. */
export type LoadedForOffer = {
  order: Order | undefined;
  tickets: readonly Ticket[];
  payments: readonly Payment[];
  run: Run | undefined;
};

/** Without `ticketIds` the wish is for all tickets that are still valid. */
export type OfferWish = { offerId: OfferId; userId: UserId; ticketIds: readonly TicketId[] | undefined };

export const isIssued = (ticket: Ticket): ticket is TicketIn<'issued'> => ticket.state === 'issued';

/** The tickets that a wish is for. Somebody else's and unknown ones are not found; the rest must be valid. */
export const chosen = (
  tickets: readonly Ticket[],
  ticketIds: OfferWish['ticketIds'],
): Outcome<{ tickets: TicketIn<'issued'>[] }, 'not-found' | TicketRefusal> => {
  const wished = ticketIds
    ? tickets.filter(({ ticketId }) => ticketIds.includes(ticketId))
    : tickets.filter(isIssued);
  if (ticketIds && wished.length < new Set(ticketIds).size) return rejected('not-found');
  const refusal = wished.map(refusalOf).find((each) => each !== undefined);
  if (refusal) return rejected(refusal);
  const used = tickets.some(({ state }) => state === 'checkedIn');
  if (wished.length === 0) return rejected(used ? 'ticket-used' : 'ticket-not-valid');
  return accepted({ tickets: wished.filter(isIssued) });
};

export const isOpen = ({ openOffer }: TicketIn<'issued'>, now: Instant): boolean =>
  openOffer !== undefined && openOffer.validUntil > now;

export const boardingOf = (
  { departsAt, from }: OrderIn<'issued'>,
  run: Run,
  carrier: Pick<Carrier, 'timeZone'>,
) => ({
  departsAt,
  timeZone: run.stops[from.index]?.timeZone ?? carrier.timeZone,
});

/**
 * The offer for tickets of an order, by the rules of the day on which it was ordered. The write repeats that each ticket
 * is valid and has no other open offer.
 */
export const decideOffer = (
  { order, tickets, payments, run }: LoadedForOffer,
  { offerId, userId, ticketIds }: OfferWish,
  carrier: Carrier,
  now: Instant,
): Outcome<{ offer: RefundOffer; runId: RunId; keptUntil: Instant }, OfferRefusal> => {
  if (!order || order.state === 'void' || order.userId !== userId) return rejected('not-found');
  if (order.state !== 'issued') return rejected('order-not-issued');
  const wished = chosen(tickets, ticketIds);
  if (wished.outcome === 'rejected') return wished;
  if (wished.tickets.some((ticket) => isOpen(ticket, now))) return rejected('offer-open');
  if (!run) throw new Error(`the issued order ${order.orderId} has no run`);
  const quotable = wished.tickets.map((ticket) => ({
    price: ticket.fare,
    freedom: freedomOf(ticket, run, now),
    floor: order.exchangeOf?.refundFloor,
  }));
  // It was exchanged after its departure, by a rule that lets no such ticket go back.
  if (order.exchangeOf?.isRefundable === false && quotable.some(({ freedom }) => !freedom))
    return rejected('not-refundable');
  const quoted = quote(
    refundRulesOn(carrier, order.createdAt),
    boardingOf(order, run, carrier),
    quotable,
    now,
  );
  if (quoted.outcome === 'rejected') return quoted;
  const refund = sumMoney(
    quoted.quotes.map((each) => each.refund),
    order.amount.currency,
  );
  const itemIds = wished.tickets.map(({ itemId }) => itemId);
  const spread = refundsFor(order, { itemIds, amount: refund }, payments, now);
  if (spread.outcome === 'rejected') return spread;
  const offered = wished.tickets.flatMap(({ ticketId, itemId }, at) => {
    const quoteOfTicket = quoted.quotes[at];
    return quoteOfTicket ? [{ ticketId, itemId, ...quoteOfTicket }] : [];
  });
  return accepted({
    offer: {
      offerId,
      orderId: order.orderId,
      userId,
      createdAt: now,
      validUntil: quoted.validUntil,
      tickets: offered,
      refund,
    },
    runId: order.runId,
    keptUntil: answerKeptUntil(order.arrivesAt, carrier),
  });
};

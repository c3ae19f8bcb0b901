import { itemsOf, type Order, type OrderIn, type OrderItem } from '../orders/model.ts';
import { decideSpread } from '../paying/decide-spread.ts';
import type { Payment, RefundIn } from '../payments/model.ts';
import type { ItemId, UserId } from '../platform/ids.ts';
import { sumMoney, type Money } from '../platform/money.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Instant } from '../platform/time.ts';
import type { Ticket, TicketRefund } from '../tickets/model.ts';
import type { Run } from '../timetable/model.ts';
import type { RefundOffer } from './model.ts';
import type { AcceptanceRefusal, TicketRefusal } from './refusals.ts';
import { freedomOf, freeOfCharge } from './rules.ts';

/** An offer with its order, the order's tickets and money, and its run, as they were read. */
export type LoadedForAcceptance = {
  offer: RefundOffer | undefined;
  order: Order | undefined;
  tickets: readonly Ticket[];
  payments: readonly Payment[];
  run: Run | undefined;
};

/** Everything that T19 writes. */
export type Acceptance = {
  order: OrderIn<'issued'>;
  items: OrderItem[];
  tickets: { ticket: Ticket; refund: TicketRefund }[];
  /** One for each payment of which something goes back; none if the carrier keeps everything. */
  refunds: RefundIn<'requested'>[];
  fee: Money;
};

/** Why a ticket in this state is not paid back; undefined if it may be. */
export const refusalOf = ({ state }: Ticket): TicketRefusal | undefined => {
  if (state === 'issued') return undefined;
  return state === 'checkedIn' ? 'ticket-used' : 'ticket-not-valid';
};

/** What goes back for tickets, and why. */
type Back = {
  itemIds: readonly ItemId[];
  amount: Money;
  reason?: 'ticket-refunded' | 'ticket-exchanged';
};

/**
 * The refunds of tickets, one for each payment of which something goes back. A ticket is paid back once, and exchanged once,
 * so no other refund can have these items in its number: not even one of an order for which tickets were exchanged, because
 * its items keep their numbers. Each refund belongs to the order of its payment.
 */
export const refundsFor = (
  { orderId }: OrderIn<'issued'>,
  { itemIds, amount, reason = 'ticket-refunded' }: Back,
  payments: readonly Payment[],
  now: Instant,
): Outcome<{ refunds: RefundIn<'requested'>[] }, 'money-gone-back'> => {
  if (amount.amount === 0) return accepted({ refunds: [] });
  const what = reason === 'ticket-refunded' ? 'item' : 'exchange';
  const spread = decideSpread(payments, amount, `${what}${itemIds.join('')}`);
  if (spread.outcome === 'rejected') return rejected('money-gone-back');
  const refunds = spread.parts.map(({ payment, refundNumber, amount: part }): RefundIn<'requested'> => ({
    orderId: payment.orderId,
    paymentId: payment.paymentId,
    refundNumber,
    amount: part,
    reason,
    ...(payment.orderId !== orderId && { forOrder: orderId }),
    state: 'requested',
    requestedAt: now,
    attempts: 0,
  }));
  return accepted({ refunds });
};

const totalOf = (amounts: readonly Money[], { currency }: Money): Money => sumMoney(amounts, currency);

/** Why the tickets of an offer are not paid back by it; undefined if they are. */
const refusalFor = (
  { offerId, validUntil }: RefundOffer,
  tickets: readonly Ticket[],
  now: Instant,
): AcceptanceRefusal | undefined => {
  if (tickets.some((ticket) => ticket.state === 'refunded' && ticket.refund.offerId === offerId))
    return 'offer-used';
  const refusal = tickets.map(refusalOf).find((each) => each !== undefined);
  if (refusal) return refusal;
  const isBound = tickets.every(
    (ticket) => ticket.state === 'issued' && ticket.openOffer?.offerId === offerId,
  );
  return isBound && validUntil > now ? undefined : 'offer-expired';
};

/**
 * Whether the tickets of an offer are paid back by it, and with which writes. An offer binds the carrier, but if the
 * carrier has closed the run meanwhile, or waived the fee, it keeps nothing. The write repeats the state of each ticket,
 * the offer's end and what is left of the money.
 */
export const decideAcceptance = (
  { offer, order, tickets: all, payments, run }: LoadedForAcceptance,
  { userId }: { userId: UserId },
  now: Instant,
): Outcome<Acceptance, AcceptanceRefusal> => {
  if (!offer || offer.userId !== userId || order?.state !== 'issued') return rejected('not-found');
  const found = offer.tickets.flatMap((each) => {
    const ticket = all.find(({ ticketId }) => ticketId === each.ticketId);
    const freedom = ticket && freedomOf(ticket, run, now);
    return ticket ? [{ ticket, offered: freedom ? freeOfCharge(each, freedom) : each }] : [];
  });
  const offered = found.map((each) => each.offered);
  const tickets = found.map(({ ticket, offered: { fee, refund: amount, rule } }) => ({
    ticket,
    refund: { offerId: offer.offerId, at: now, fee, amount, rule },
  }));
  const refusal = refusalFor(
    offer,
    tickets.map(({ ticket }) => ticket),
    now,
  );
  if (refusal) return rejected(refusal);
  const back = totalOf(
    offered.map(({ refund }) => refund),
    order.amount,
  );
  const itemIds = offered.map(({ itemId }) => itemId);
  const spread = refundsFor(order, { itemIds, amount: back }, payments, now);
  if (spread.outcome === 'rejected') return spread;
  return accepted({
    order,
    items: itemsOf(order).filter(({ itemId }) => itemIds.includes(itemId)),
    tickets,
    refunds: spread.refunds,
    fee: totalOf(
      offered.map(({ fee }) => fee),
      order.amount,
    ),
  });
};

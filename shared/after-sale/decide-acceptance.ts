import { itemsOf, type Order, type OrderIn, type OrderItem } from '../orders/model.ts';
import { isCaptured, refundNumberOf, type Payment, type RefundIn } from '../payments/model.ts';
import type { UserId } from '../platform/ids.ts';
import { sumMoney, type Money } from '../platform/money.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Instant } from '../platform/time.ts';
import type { Ticket, TicketRefund } from '../tickets/model.ts';
import type { Run } from '../timetable/model.ts';
import type { OfferedTicket, RefundOffer } from './model.ts';
import type { AcceptanceRefusal, TicketRefusal } from './refusals.ts';
import { freeOfCharge } from './rules.ts';

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

/** The minor units of an order's money that may still go back. */
export const leftOf = ({ paidBy }: OrderIn<'issued'>, payments: readonly Payment[]): number => {
  const payment = payments.find(({ paymentId }) => paymentId === paidBy);
  return payment && isCaptured(payment) ? payment.refundable : 0;
};

const refundsOf = (
  { orderId, paidBy }: OrderIn<'issued'>,
  offered: readonly OfferedTicket[],
  amount: Money,
  now: Instant,
): RefundIn<'requested'>[] =>
  amount.amount === 0
    ? []
    : [
        {
          orderId,
          paymentId: paidBy,
          // A ticket is paid back once, so no other refund can have these tickets in its number.
          refundNumber: refundNumberOf(paidBy, `item${offered.map(({ itemId }) => itemId).join('')}`),
          amount,
          reason: 'ticket-refunded',
          state: 'requested',
          requestedAt: now,
          attempts: 0,
        },
      ];

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
 * carrier has closed the run meanwhile, it keeps nothing. The write repeats the state of each ticket, the offer's end and
 * what is left of the money.
 */
export const decideAcceptance = (
  { offer, order, tickets: all, payments, run }: LoadedForAcceptance,
  { userId }: { userId: UserId },
  now: Instant,
): Outcome<Acceptance, AcceptanceRefusal> => {
  if (!offer || offer.userId !== userId || order?.state !== 'issued') return rejected('not-found');
  const offered = run?.state === 'closed' ? offer.tickets.map(freeOfCharge) : offer.tickets;
  const tickets = offered.flatMap(({ ticketId, fee, refund: amount, rule }) => {
    const ticket = all.find((each) => each.ticketId === ticketId);
    return ticket ? [{ ticket, refund: { offerId: offer.offerId, at: now, fee, amount, rule } }] : [];
  });
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
  if (back.amount > leftOf(order, payments)) return rejected('money-gone-back');
  const itemIds = new Set(offered.map(({ itemId }) => itemId));
  return accepted({
    order,
    items: itemsOf(order).filter(({ itemId }) => itemIds.has(itemId)),
    tickets,
    refunds: refundsOf(order, offered, back, now),
    fee: totalOf(
      offered.map(({ fee }) => fee),
      order.amount,
    ),
  });
};

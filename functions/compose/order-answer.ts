import type * as z from 'zod';
import type { Languages } from '../../shared/platform/languages.ts';
import { journeyIn, seatChangeIn } from '../../shared/timetable/rules.ts';
import {
  itemsOf,
  livingItems,
  type OrderItem,
  type CommittedOrder,
  type Person,
} from '../../shared/orders/model.ts';
import type { Payment, Refund } from '../../shared/payments/model.ts';
import type { Ticket } from '../../shared/tickets/model.ts';
import type { orderAnswerSchema, paymentAnswerSchema } from '../routes/orders.ts';

type OrderAnswer = z.input<typeof orderAnswerSchema>;
type RefundAnswer = NonNullable<OrderAnswer['refunds']>[number];
type PaymentAnswer = z.input<typeof paymentAnswerSchema>;

/** A payment as its owner sees it. While the payment is pending, `action` says what the client must do. */
export const paymentAnswerOf = (payment: Payment): PaymentAnswer => ({
  paymentId: payment.paymentId,
  provider: payment.provider,
  method: payment.method,
  state: payment.state,
  amount: payment.amount,
  expiresAt: payment.expiresAt,
  ...(payment.state === 'pending' && { action: payment.action }),
});

export const personAnswerOf = ({ nameMasked, type, documentMasked }: Person) => ({
  name: nameMasked,
  type,
  ...(documentMasked && { document: documentMasked }),
});

const itemAnswerOf = (item: OrderItem): OrderAnswer['items'][number] => {
  const { itemId, passenger, place, thenPlace, class: cls, fare } = item;
  return {
    itemId,
    passenger: {
      ...personAnswerOf(passenger),
      ...(passenger.onLap && { onLap: passenger.onLap.map(personAnswerOf) }),
    },
    coach: place.coach,
    seat: place.seat || null,
    ...(thenPlace && { changesTo: { coach: thenPlace.coach, seat: thenPlace.seat || null } }),
    class: cls,
    fare,
    ...('ticketId' in item && item.ticketId && { ticketId: item.ticketId }),
  };
};

/** A refund as its owner sees it: paid back, by whatever way, or not yet. */
export const refundAnswerOf = ({ paymentId, amount, state, requestedAt }: Refund): RefundAnswer => ({
  paymentId,
  amount,
  state: state === 'succeeded' || state === 'settled' ? 'paid' : 'under-way',
  requestedAt,
});

const isPaid = ({ state }: RefundAnswer): boolean => state === 'paid';

/**
 * After the issue the tickets have the state: once all of them were given back, the order is, or will be, refunded; and
 * exchanged if that is what became of all of them.
 */
const stateOf = (order: CommittedOrder, refunds: readonly RefundAnswer[]): OrderAnswer['state'] => {
  if (order.state !== 'issued' || livingItems(order).length > 0) return order.state;
  if (order.history.every(({ event }) => event !== 'tickets-refunded')) return 'exchanged';
  return refunds.every(isPaid) ? 'refunded' : 'refunding';
};

/** The order's own events, and when its tickets were used: a check-in writes to its ticket alone. */
const historyOf = (order: CommittedOrder, tickets: readonly Ticket[]): OrderAnswer['history'] => {
  const uses = tickets.flatMap((ticket) =>
    ticket.state === 'checkedIn'
      ? [{ at: ticket.checkIn.at, event: 'ticket-checked-in' as const, ticketId: ticket.ticketId }]
      : [],
  );
  const events = [...order.history.map(({ at, event }) => ({ at, event })), ...uses];
  return events.toSorted((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
};

/** An order as its owner sees it: names are masked, and no attribute of storage is shown. */
export const orderAnswerOf = (
  order: CommittedOrder,
  payments: readonly Payment[],
  languages: Languages,
  refunds?: readonly Refund[],
  tickets: readonly Ticket[] = [],
): OrderAnswer => ({
  orderId: order.orderId,
  state: stateOf(order, (refunds ?? []).map(refundAnswerOf)),
  runId: order.runId,
  ...journeyIn(languages, order),
  class: order.class,
  ...(order.seatChange && { seatChange: seatChangeIn(languages, order.seatChange) }),
  createdAt: order.createdAt,
  expiresAt: order.expiresAt,
  amount: order.amount,
  ...(order.exchangeOf && { exchangeOf: order.exchangeOf.orderId }),
  items: itemsOf(order).map(itemAnswerOf),
  ...(order.seating && { seating: { together: order.seating.groups.length === 1, ...order.seating } }),
  payments: payments.map((payment) => {
    const { action, ...answer } = paymentAnswerOf(payment);
    return { ...answer, ...(order.state === 'held' && action && { action }) };
  }),
  ...(refunds && { refunds: refunds.map(refundAnswerOf) }),
  history: historyOf(order, tickets),
});

import type { Command } from 'commander';
import type { ForPerson } from '../../shared/bookings/attention.ts';
import type { SentMessage } from '../../shared/notifications/model.ts';
import { listSent } from '../../shared/notifications/store.ts';
import {
  isLiving,
  itemsOf,
  placesOf,
  type OrderItem,
  type CommittedOrder,
} from '../../shared/orders/model.ts';
import { readOrder } from '../../shared/orders/store.ts';
import type { Payment } from '../../shared/payments/model.ts';
import { listPayments } from '../../shared/payments/store.ts';
import { orderIdSchema, type TicketId } from '../../shared/platform/ids.ts';
import { toDecimal, type Money } from '../../shared/platform/money.ts';
import { never } from '../../shared/platform/outcome.ts';
import type { CheckIn, Ticket } from '../../shared/tickets/model.ts';
import { listTickets } from '../../shared/tickets/store.ts';
import { CommandFailure } from '../connect.ts';
import { print, printJson, withTables } from '../run-command.ts';

export const register = (program: Command): void => {
  program
    .command('orders')
    .description('the orders of passengers')
    .command('show')
    .description('show an order with its seats, payments, mails and history')
    .argument('<orderId>')
    .option('--json', 'print it as JSON')
    .action((orderId: string, { json }: { json?: boolean }) =>
      withTables(async ({ tables }) => {
        const id = orderIdSchema.safeParse(orderId);
        const order = id.success
          ? await readOrder(tables.bookings, id.data, { consistent: true })
          : undefined;
        if (!order || order.state === 'void') throw new CommandFailure(`no order has the id ${orderId}`);
        const payments = await listPayments(tables.bookings, order.orderId);
        const messages = await listSent(tables.bookings, order.orderId);
        const uses = usesOf(await listTickets(tables.bookings, order.orderId));
        if (json) printJson({ ...shown(order, payments, messages), checkIns: uses });
        else printOrder(order, payments, { messages, uses });
      }),
    );
};

type Message = SentMessage & ForPerson;

/** When, where and by which gate the passengers were let in. */
type Use = CheckIn & { ticketId: TicketId };

const usesOf = (tickets: readonly Ticket[]): Use[] =>
  tickets.flatMap((ticket) =>
    ticket.state === 'checkedIn' ? [{ ticketId: ticket.ticketId, ...ticket.checkIn }] : [],
  );

const amountOf = (money: Money) => `${toDecimal(money)} ${money.currency}`;

/** What staff may see: documents masked, nothing sealed, no token of the workflow. */
const shown = (order: CommittedOrder, payments: readonly Payment[], messages: readonly Message[]) => ({
  orderId: order.orderId,
  state: order.state,
  attention: order.attention,
  trip: order.trip,
  runId: order.runId,
  from: order.from,
  to: order.to,
  seatChange: order.seatChange,
  amount: order.amount,
  createdAt: order.createdAt,
  expiresAt: order.expiresAt,
  execution: `${order.orderId}-${order.execution}`,
  items: itemsOf(order).map((item) => ({
    itemId: item.itemId,
    passenger: item.passenger.nameMasked,
    document: item.passenger.documentMasked,
    coach: item.place.coach,
    seat: item.place.seat,
    ...(item.thenPlace && { changesTo: { coach: item.thenPlace.coach, seat: item.thenPlace.seat } }),
    fare: item.fare,
    state: item.state,
    dead: !isLiving(item),
    ticketId: item.state === 'ticketed' ? item.ticketId : undefined,
  })),
  payments: payments.map(({ paymentId, provider, state, amount, attention }) => ({
    paymentId,
    provider,
    state,
    amount,
    attention,
  })),
  messages: messages.map(({ event, channel, outcome, why, at, fate, attention }) => ({
    event,
    channel,
    outcome,
    why,
    at,
    fate,
    attention,
  })),
  history: order.history,
});

/** `mail about order-issued  sent 2026-11-20T02:06:00.000Z  undelivered: bounced: Permanent, NoEmail, 5.1.1` */
const messageLine = ({ event, outcome, why, at, fate, attention }: Message): string =>
  [
    `  mail about ${event}`,
    [outcome, why, at].filter(Boolean).join(' '),
    ...(fate ? [`${fate.became} ${fate.at}: ${fate.why}`] : []),
    ...(attention ? ['needs a person'] : []),
  ].join('  ');

const ticketOrSeat = (item: OrderItem): string => {
  switch (item.state) {
    case 'living':
      return 'no ticket yet';
    case 'ticketed':
      return item.ticketId;
    case 'releasing':
      return 'its seat is being released';
    case 'released':
      return 'seat released';
    default:
      return never(item);
  }
};

const printOrder = (
  order: CommittedOrder,
  payments: readonly Payment[],
  { messages, uses }: { messages: readonly Message[]; uses: readonly Use[] },
): void => {
  const { orderId, state, trip, from, to, amount, createdAt, expiresAt, attention } = order;
  print(`${orderId}  ${state}${attention ? `  needs a person: ${attention.kind}, ${attention.why}` : ''}`);
  print(`  ${trip}  ${from.name} ${from.departs} → ${to.name} ${to.arrives}`);
  print(`  ${amountOf(amount)}  made ${createdAt}  held until ${expiresAt}`);
  for (const item of itemsOf(order)) {
    const { passenger, fare } = item;
    const who = [passenger.nameMasked, passenger.documentMasked].filter(Boolean).join(' ');
    const change = order.seatChange ? `, from ${order.seatChange.name} on ` : '';
    const seats = placesOf(item).map(
      ({ coach, seat }) => `coach ${coach} ${seat ? `seat ${seat}` : 'no seat number'}`,
    );
    print(`  ${seats.join(change)}  ${who}  ${amountOf(fare)}  ${ticketOrSeat(item)}`);
  }
  for (const payment of payments)
    print(
      `  payment ${payment.paymentId}  ${payment.provider}  ${amountOf(payment.amount)}  ${payment.state}`,
    );
  for (const message of messages) print(messageLine(message));
  for (const { ticketId, at, stopId, gateId } of uses)
    print(`  ${ticketId}  checked in ${at}  at the stop ${stopId} by the gate ${gateId}`);
  for (const { at, event } of order.history) print(`  ${at}  ${event}`);
};

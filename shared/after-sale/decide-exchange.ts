import { itemsOf, peopleOf, type OrderIn, type Passenger } from '../orders/model.ts';
import { claimDays } from '../orders/rules.ts';
import type { Payment } from '../payments/model.ts';
import { type Carrier } from '../platform/carrier.ts';
import type { Class, RunId, StopId, TicketId, UserId } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Instant } from '../platform/time.ts';
import type { SeatWishes } from '../inventory/model.ts';
import type { Offer } from '../selling/decide-offer.ts';
import { faresOf, type ExchangePrice } from '../selling/draft-order.ts';
import type { TicketIn } from '../tickets/model.ts';
import type { Run } from '../timetable/model.ts';
import { boardingDay } from '../timetable/rules.ts';
import { refundsFor } from './decide-acceptance.ts';
import { decideExchangePrice, type Exchanged } from './decide-exchange-price.ts';
import { boardingOf, chosen, isOpen, type LoadedForOffer } from './decide-offer.ts';
import type { ExchangePriceRefusal, ExchangeableRefusal } from './refusals.ts';
import { freedomOf, rulesOn } from './rules.ts';

/** What passengers wish for their tickets; without `ticketIds` all that are still valid. */
export type ExchangeWish = {
  userId: UserId;
  ticketIds: readonly TicketId[] | undefined;
  runId: RunId;
  from: StopId;
  to: StopId;
  class: Class;
  wishes: SeatWishes;
};

/** The tickets of an order that are to be exchanged, and what is known about them. */
export type Exchangeable = {
  order: OrderIn<'issued'>;
  tickets: TicketIn<'issued'>[];
  run: Run;
  payments: readonly Payment[];
};

/** DynamoDB accepts this many items in one transaction. */
const writesMax = 100;

/** The number of people with a document, each of whom has a claim on each day. */
const claimingOf = (passengers: readonly Passenger[]): number =>
  passengers.flatMap(peopleOf).filter(({ documentClaim }) => documentClaim).length;

/**
 * Whether the transaction that holds the new order has room: the order, the end of its data, the count, the record of the
 * request, each ticket, and the claims of the new journey.
 */
const fitsIntoHold = (passengers: readonly Passenger[], days: number): boolean =>
  4 + passengers.length + claimingOf(passengers) * days <= writesMax;

/**
 * Whether the transaction that switches the tickets has room for all it writes: the two orders, a ticket of each for
 * every passenger, the count, an entry for the fee; an entry for what was paid, or for each payment of which something goes
 * back the payment, its refund and an entry; and the claims of the earlier journey.
 */
const fitsIntoOne = (
  { departsAt, arrivesAt, items }: OrderIn<'issued'>,
  tickets: readonly TicketIn<'issued'>[],
  payments: readonly Payment[],
): boolean => {
  const days = claimDays({ from: departsAt, to: arrivesAt }).length;
  const claiming = claimingOf(tickets.flatMap(({ itemId }) => items[itemId]?.passenger ?? []));
  const left = payments.filter((payment) => 'refundable' in payment && payment.refundable > 0).length;
  return 4 + 2 * tickets.length + Math.max(1, 3 * left) + claiming * days <= writesMax;
};

const isSameJourney = ({ runId, from, to, class: cls }: OrderIn<'issued'>, wish: ExchangeWish): boolean =>
  runId === wish.runId && from.stopId === wish.from && to.stopId === wish.to && cls === wish.class;

/** Whether a wish for other seats names anything: the same journey in any seat is what the passengers have. */
const wishesSeats = ({ adjacent, letters, position }: SeatWishes): boolean =>
  adjacent === true || letters !== undefined || position !== undefined;

/** Whether tickets of an order may be exchanged at all, before anything is known about the new journey. */
export const decideExchangeable = (
  { order, tickets, payments, run }: LoadedForOffer,
  wish: ExchangeWish,
  now: Instant,
): Outcome<Exchangeable, ExchangeableRefusal> => {
  if (!order || order.state === 'void' || order.userId !== wish.userId) return rejected('not-found');
  if (order.state !== 'issued') return rejected('order-not-issued');
  const wished = chosen(tickets, wish.ticketIds);
  if (wished.outcome === 'rejected') return wished;
  if (order.exchangeOf) return rejected('exchanged-before');
  if (wished.tickets.some((ticket) => isOpen(ticket, now))) return rejected('offer-open');
  if (isSameJourney(order, wish) && !wishesSeats(wish.wishes)) return rejected('same-journey');
  if (!fitsIntoOne(order, wished.tickets, payments)) return rejected('too-many-tickets');
  // The passengers' names and documents have ended, weeks after the journey.
  if (!order.contact || !run) return rejected('not-exchangeable');
  return accepted({ order, tickets: wished.tickets, run, payments });
};

/** The passengers of these tickets, in their order. */
export const passengersOf = ({ order, tickets }: Pick<Exchangeable, 'order' | 'tickets'>) =>
  itemsOf(order)
    .filter(({ itemId }) => tickets.some((ticket) => ticket.itemId === itemId))
    .map(({ itemId, passenger }) => ({ itemId, passenger }));

/** A journey that is on sale, and the class in it that passengers wish. */
type NewJourney = Pick<Offer, 'run' | 'stretch' | 'adultFare'> & { class: Class };

/** What it costs to exchange tickets for a journey that is on sale, and whether what goes back is still there. */
export const decideExchange = (
  { order, tickets, run, payments }: Exchangeable,
  { run: newRun, stretch, adultFare, class: cls }: NewJourney,
  carrier: Carrier,
  now: Instant,
): Outcome<{ price: ExchangePrice }, ExchangePriceRefusal> => {
  const [boarding, alighting] = [newRun.stops[stretch.from], newRun.stops[stretch.to]];
  if (!boarding || !alighting) throw new RangeError('a stretch beyond the stops of its run');
  const people = passengersOf({ order, tickets });
  const passengers = people.map(({ passenger }) => passenger);
  const days = claimDays({ from: boarding.departs, to: alighting.arrives }).length;
  if (!fitsIntoHold(passengers, days)) return rejected('too-many-tickets');
  const fares = faresOf(passengers, { class: cls, day: boardingDay(newRun, stretch) }, adultFare, carrier);
  const exchanged = people.flatMap(({ itemId }, at): Exchanged[] => {
    const [ticket, fare] = [tickets.find((each) => each.itemId === itemId), fares[at]];
    return ticket && fare
      ? [{ itemId, former: ticket.fare, fare, freedom: freedomOf(ticket, run, now) }]
      : [];
  });
  const version = rulesOn(carrier, order.createdAt);
  const priced = decideExchangePrice(
    {
      rules: version?.exchange,
      refundRules: version?.refund,
      from: boardingOf(order, run, carrier),
      to: { departsAt: boarding.departs, timeZone: boarding.timeZone },
    },
    exchanged,
    now,
  );
  if (priced.outcome === 'rejected') return priced;
  const { outcome: _outcome, toRefund, fee: _fee, ...price } = priced;
  const itemIds = exchanged.map(({ itemId }) => itemId);
  const back = { itemIds, amount: toRefund, reason: 'ticket-exchanged' as const };
  const spread = refundsFor(order, back, payments, now);
  return spread.outcome === 'rejected' ? spread : accepted({ price });
};

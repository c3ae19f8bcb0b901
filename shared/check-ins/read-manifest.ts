import * as z from 'zod';
import { shardsOfRun } from '../inventory/shards.ts';
import { orderOfOwner } from '../inventory/owner.ts';
import { readShards } from '../inventory/store.ts';
import { itemsOf, type Order } from '../orders/model.ts';
import { readOrders } from '../orders/many-orders-store.ts';
import type { CheckInRules } from '../platform/after-sale/check-in-rules.ts';
import type { Carrier } from '../platform/carrier.ts';
import type { Table } from '../platform/dynamo.ts';
import { offerIdSchema, type OfferId, type RunId, type TicketId } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Clock, Instant } from '../platform/time.ts';
import { readDelay } from '../runs/delay-store.ts';
import { readTickets } from '../tickets/many-tickets-store.ts';
import type { Ticket } from '../tickets/model.ts';
import { listOffered } from '../tickets/offered-store.ts';
import type { Run } from '../timetable/model.ts';
import { readRun } from '../timetable/store.ts';
import type { EndedState, Use } from './model.ts';
import { checkInRulesOf } from './rules.ts';

type Dependencies = {
  bookings: Table;
  inventory: Table;
  timetable: Table;
  clock: Clock;
  carrier: Carrier;
};

/** The place of the next page: after an offer, or from a group of seats on. */
export const placeSchema = z.union([
  z.strictObject({ offer: offerIdSchema }),
  z.strictObject({ shard: z.int().nonnegative() }),
]);
export type Place = z.infer<typeof placeSchema>;

/** Of a ticket that is valid or was used: where its passenger sits, and nothing about the passenger. */
type ListedTicket = Pick<Ticket, 'ticketId' | 'class' | 'coach' | 'seat'> & {
  from: string;
  to: string;
  checkIn?: Use;
};

/** A page of what gates of a run need. Tickets that have ended come first, then those that have not. */
type Manifest = {
  asOf: Instant;
  run: Run;
  delayMinutes: number;
  rules: CheckInRules | undefined;
  ended: { ticketId: TicketId; state: EndedState }[];
  tickets: ListedTicket[];
  next: Place | undefined;
};

/** One answer takes so much of a run: a few hundred tickets, and up to some thousand where seats are sold by short stretches. */
const offersPerPage = 100;
const shardsPerPage = 8;

/**
 * The tickets of a run as gates without a network need them, a page at a time. A gate must have all pages before it counts
 * on one. Seats name their orders, so no list of the run's tickets is kept; tickets that have ended have no seat any
 * more, and are found by their offers.
 */
export const readManifest =
  (dependencies: Dependencies) =>
  async (runId: RunId, place: Place | undefined): Promise<Outcome<Manifest, 'not-found'>> => {
    const { timetable, clock, carrier } = dependencies;
    const asOf = clock();
    const [run, delayMinutes] = await Promise.all([
      readRun(timetable, runId),
      readDelay(dependencies.bookings, runId),
    ]);
    if (!run) return rejected('not-found');
    const page =
      place && 'shard' in place
        ? await readSeats(dependencies, run, place.shard)
        : await readEnded(dependencies, run, place?.offer);
    return accepted({ asOf, run, delayMinutes, rules: checkInRulesOf(carrier, run.serviceDate), ...page });
  };

type Page = Pick<Manifest, 'ended' | 'tickets' | 'next'>;

const readEnded = async (
  { bookings }: Dependencies,
  { runId }: Run,
  after: OfferId | undefined,
): Promise<Page> => {
  const { ticketIds, next } = await listOffered(bookings, runId, { after, offersMax: offersPerPage });
  const tickets = await readTickets(bookings, ticketIds, { consistent: true });
  const ended = tickets.flatMap((ticket) =>
    ticket.state === 'issued' || ticket.state === 'checkedIn'
      ? []
      : [{ ticketId: ticket.ticketId, state: ticket.state }],
  );
  return { ended, tickets: [], next: next ? { offer: next } : { shard: 0 } };
};

const readSeats = async ({ bookings, inventory }: Dependencies, run: Run, from: number): Promise<Page> => {
  const all = shardsOfRun(run).map(({ key }) => key);
  const keys = all.slice(from, from + shardsPerPage);
  const shards = await readShards(inventory, keys, { consistent: false });
  const owners = shards.flatMap((shard) =>
    [...(shard?.pieces.values() ?? [])].flatMap(({ owner }) => (owner === 'free' ? [] : [owner])),
  );
  const owning = new Set(owners);
  const orders = await readOrders(bookings, [...owning].map(orderOfOwner), { consistent: false });
  const ticketIds = [...orders.values()].flatMap((order) => ticketsOf(order, owning));
  const tickets = await readTickets(bookings, ticketIds, { consistent: false });
  const next = from + shardsPerPage;
  return {
    ended: [],
    tickets: tickets.flatMap((ticket) => listed(ticket) ?? []).toSorted(bySeat),
    next: next < all.length ? { shard: next } : undefined,
  };
};

/** The tickets of an order whose seats are among these pieces. */
const ticketsOf = (order: Order, owning: ReadonlySet<string>): TicketId[] =>
  order.state === 'void'
    ? []
    : itemsOf(order).flatMap((item) =>
        item.state === 'ticketed' && owning.has(item.place.owner) ? [item.ticketId] : [],
      );

const listed = (ticket: Ticket): ListedTicket | undefined => {
  const { ticketId, class: cls, coach, seat, from, to } = ticket;
  const shown = { ticketId, class: cls, coach, seat, from: from.stopId, to: to.stopId };
  if (ticket.state === 'issued') return shown;
  return ticket.state === 'checkedIn' ? { ...shown, checkIn: ticket.checkIn } : undefined;
};

const bySeat = (a: ListedTicket, b: ListedTicket): number =>
  a.coach.localeCompare(b.coach) ||
  a.seat.localeCompare(b.seat, 'en', { numeric: true }) ||
  (a.ticketId < b.ticketId ? -1 : 1);

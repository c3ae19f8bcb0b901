import { isOpen, type Entry } from '../entries/model.ts';
import { nameOfPiece } from '../inventory/pieces.ts';
import {
  isReleasing,
  itemsOf,
  livingItems,
  placesOf,
  type CommittedOrder,
  type OrderItem,
} from '../orders/model.ts';
import { doubtedSince, isCaptured, isUnapplied, isUnfinished } from '../payments/model.ts';
import { ticketIdOf } from '../platform/ids.ts';
import { isOver, seatsKeptUntil } from '../bookings/kept-until.ts';
import { plusSeconds, type Instant } from '../platform/time.ts';
import type { Ticket } from '../tickets/model.ts';
import { findingsAbout, shardName, type Lookups } from './lookups.ts';
import type { Bounds, Finding, OrderPart } from './model.ts';
import { isBooksAlone } from './retention.ts';

/** Checks the items of an order: their pieces, their owners, their tickets. */
export const auditItems = (part: OrderPart, lookups: Lookups): Finding[] => {
  const { orderId, order } = part;
  const { findings, report } = findingsAbout({ kind: 'order', orderId });
  const committed = order && order.state !== 'void' ? order : undefined;
  if (!order && !part.waitlisted && !isBooksAlone(part))
    report('readable', orderId, `there are items of the order ${orderId}, but not the order`);
  const seatsAreGone = committed !== undefined && isOver(seatsKeptUntil(committed.runId), lookups.now);
  const owning = order && !seatsAreGone ? livingItems(order) : [];
  for (const { itemId, place } of owning.flatMap((item) =>
    placesOf(item).map((each) => ({ itemId: item.itemId, place: each })),
  )) {
    const name = `${orderId}-${itemId}`;
    const owner = lookups.shardOf(place.shard)?.state.pieces.get(nameOfPiece(place.piece))?.owner;
    if (owner !== place.owner) {
      const where = `seat ${place.piece.seat} of ${shardName(place.shard)}`;
      const whose =
        owner === undefined ? 'is cut otherwise' : owner === 'free' ? 'is free' : 'is owned by another';
      report(
        'item-owns-piece',
        name,
        `the item ${name} of a ${order?.state} order names ${where}, which ${whose}`,
      );
    }
    if (committed?.fenced?.has(place.owner)) {
      report('fence-holds', name, `the item ${name} lives with an owner that was fenced`);
    }
  }
  auditTickets(part, committed, report);
  return findings;
};

type Report = ReturnType<typeof findingsAbout>['report'];

/** Tickets that are valid for travel, or that a passenger has used. */
const isValid = ({ state }: Ticket): boolean => state === 'issued' || state === 'checkedIn';

const auditTickets = (
  { orderId, tickets }: OrderPart,
  order: CommittedOrder | undefined,
  report: Report,
): void => {
  const living = order?.state === 'issued' ? livingItems(order) : [];
  const valid = new Map(tickets.filter(isValid).map((ticket) => [ticket.ticketId, ticket]));
  for (const item of living) {
    const { itemId } = item;
    const expected = ticketIdOf(orderId, itemId);
    if (item.state === 'ticketed' && item.ticketId === expected && valid.has(expected)) continue;
    report(
      'ticket-issued',
      expected,
      `the item ${itemId} of the issued order ${orderId} has no valid ticket`,
    );
  }
  for (const ticket of valid.values()) {
    const { ticketId } = ticket;
    const item = living.find(({ itemId }) => itemId === ticket.itemId);
    if (!item)
      report('ticket-backed', ticketId, `the ticket ${ticketId} is valid, and no living item belongs to it`);
    else if (item.place.shard.runId !== ticket.runId || seatsOf(item) !== seatsOfTicket(ticket)) {
      report('ticket-backed', ticketId, `the ticket ${ticketId} is for another seat than its item owns`);
    }
  }
};

type Seat = { coach: string; seat: string };
const seatText = ({ coach, seat }: Seat): string => JSON.stringify([coach, seat]);
const seatsOf = (item: OrderItem): string => placesOf(item).map(seatText).join();
const seatsOfTicket = (ticket: Ticket): string =>
  [ticket, ...(ticket.seatChange ? [ticket.seatChange] : [])].map(seatText).join();

/** Checks that the index of due items has everything of an order that is due, and not for long. */
export const auditDue = (part: OrderPart, { now, bounds }: Lookups): Finding[] => {
  const { orderId, order, payments, refunds, waitlisted } = part;
  const { findings, report } = findingsAbout({ kind: 'order', orderId });
  const check = (
    name: string,
    deadline: Instant | undefined,
    { inDueIndex }: { inDueIndex: boolean },
  ): void => {
    if (!deadline) return;
    if (!inDueIndex)
      report('due-indexed', name, `${name} has a deadline and is not in the index of what is due`);
    if (plusSeconds(deadline, bounds.overdueSeconds) < now) {
      report('not-overdue', name, `${name} has been due since ${deadline}`);
    }
  };
  if (order && order.state !== 'void') {
    check(`the ${order.state} order ${orderId}`, deadlineOf(order, bounds), order);
  }
  if (waitlisted && isOpen(waitlisted))
    check(`the ${waitlisted.state} entry ${orderId}`, entryDeadlineOf(waitlisted, bounds), waitlisted);
  for (const payment of payments) {
    const due = isUnfinished(payment) || isUnapplied(payment) || doubtedSince(payment) !== undefined;
    check(`the ${payment.state} payment ${payment.paymentId}`, due ? dueAtOf(payment) : undefined, payment);
  }
  for (const refund of refunds) {
    // The clean-up keeps asking about a refund that the provider has declined or that a person pays by hand: the
    // provider may change its mind.
    const due = refund.state !== 'succeeded' && refund.state !== 'settled';
    const dueAt = refund.dueAt ?? refund.requestedAt;
    check(`the ${refund.state} refund ${refund.refundNumber}`, due ? dueAt : undefined, refund);
  }
  return findings;
};

const dueAtOf = (payment: OrderPart['payments'][number]): Instant =>
  payment.dueAt ?? (isCaptured(payment) ? payment.capturedAt : payment.createdAt);

/** The time by which an open entry of the waitlist must have ended, or given up its last wish. */
const entryDeadlineOf = (
  { state, expiresAt, wishes }: Entry,
  { closingGraceSeconds }: Bounds,
): Instant | undefined =>
  state === 'unpaid'
    ? plusSeconds(expiresAt, closingGraceSeconds)
    : wishes
        .map(({ cutOffAt }) => cutOffAt)
        .sort()
        .at(-1);

/** The time by which the clean-up must have handled an order; undefined if nothing of it is due. */
const deadlineOf = (order: CommittedOrder, { closingGraceSeconds }: Bounds): Instant | undefined => {
  switch (order.state) {
    case 'held':
      return order.expiresAt;
    case 'closing':
      return plusSeconds(order.expiresAt, closingGraceSeconds);
    case 'releasing':
    case 'paid':
      // Not `dueAt`, because the clean-up postpones work that it could not do.
      return order.history.at(-1)?.at;
    default:
      return itemsOf(order)
        .filter(isReleasing)
        .map(({ releaseDue }) => releaseDue)
        .sort()[0];
  }
};

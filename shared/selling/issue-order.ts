import { entryOf } from '../ledger/rules.ts';
import { putEntry } from '../ledger/store.ts';
import { removeClaims } from '../orders/claims-store.ts';
import { countRefunded } from '../orders/counts-store.ts';
import type { OrderIn } from '../orders/model.ts';
import { readOrder } from '../orders/store.ts';
import { issueOrder, refundOrder } from '../orders/transitions-store.ts';
import { refundNumberOf, type Refund } from '../payments/model.ts';
import { putRefund } from '../payments/refunds-store.ts';
import { takeRefundable } from '../payments/store.ts';
import { writeTogether, type Table } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import type { Clock, Instant } from '../platform/time.ts';
import { noteRun } from '../runs/due-store.ts';
import { ticketsOf } from '../tickets/issue.ts';
import { putTicket } from '../tickets/store.ts';
import { claimsOf } from '../paying/claims-of.ts';
import { hasDeparted, noTicketsFor, noTravelOf, type NoTravel } from '../paying/decide-issue.ts';
import { refundEntry } from '../paying/refund-entry.ts';
import { readRunToday } from '../paying/run-today.ts';

type Dependencies = { bookings: Table; timetable: Table; clock: Clock; signingKey: () => Promise<Buffer> };

/** `cannot`: the run is closed or has left, so the money must go back (`refundIfNoTravel`). */
export type Issued = 'issued' | 'cannot' | 'not-paid';

/**
 * T15: all tickets of a paid order and the order itself, in one transaction; run twice, it happens once. Nobody gets a
 * ticket for a run that has left the stop where they board, by the newest timetable as well. The run is read just
 * before and not checked inside: one run item in every issuing transaction would make them refuse one another.
 */
export const issuePaidOrder =
  ({ bookings, timetable, clock, signingKey }: Dependencies) =>
  async (orderId: OrderId): Promise<Issued> => {
    const order = await readOrder(bookings, orderId, { consistent: true });
    if (order?.state === 'issued') return 'issued';
    if (order?.state !== 'paid') return 'not-paid';
    // Everybody who issues asks for the version: one who errs by a second is corrected before money goes back.
    const today = await readRunToday(timetable, order, { afresh: false });
    const key = await signingKey();
    const now = clock();
    if (noTicketsFor(order, today, now)) return 'cannot';
    // Whoever looks at the run tells a person that there are tickets for it.
    if (noTravelOf(order, today, now)) await noteRun(bookings, order.runId, { dueAt: now, now });
    const tickets = ticketsOf({ order, issuedAt: now, signingKey: key });
    const ticketIds = Object.fromEntries(tickets.map(({ itemId, ticketId }) => [itemId, ticketId]));
    const outcome = await writeTogether(bookings.client, [
      { label: 'order', write: issueOrder(bookings, order, ticketIds, now) },
      ...tickets.map((ticket) => ({ label: 'ticket', write: putTicket(bookings, ticket) })),
      { label: 'journal', write: putEntry(bookings, fareEntry(order, now)) },
    ]);
    if (outcome.outcome === 'written') return 'issued';
    const stands = await readOrder(bookings, orderId, { consistent: true });
    return stands?.state === 'issued' ? 'issued' : 'not-paid';
  };

const fareEntry = ({ orderId, amount }: OrderIn<'paid'>, at: ReturnType<Clock>) =>
  entryOf('issued', { orderId, source: orderId, amount, at });

type RefundDependencies = Omit<Dependencies, 'signingKey'>;

/** What T16 is decided by, read in one go. */
const lookAtPaid = async ({ bookings, timetable, clock }: RefundDependencies, orderId: OrderId) => {
  const order = await readOrder(bookings, orderId, { consistent: true });
  if (order?.state === 'refunding') return 'refunding';
  if (order?.state !== 'paid') return 'not-paid';
  const today = await readRunToday(timetable, order, { afresh: true });
  const now = clock();
  return { order, now, noTravel: noTicketsFor(order, today, now) };
};

/**
 * T16 for whoever goes on by himself: a paid order goes back as money only where something speaks against travel, read
 * anew. `to-be-issued` where nothing does: whoever said so before has erred, or it has passed.
 */
export const refundIfNoTravel =
  (dependencies: RefundDependencies) =>
  async (orderId: OrderId): Promise<'refunding' | 'not-paid' | 'to-be-issued'> => {
    const found = await lookAtPaid(dependencies, orderId);
    if (typeof found === 'string') return found;
    return found.noTravel ? requestRefund(dependencies, found) : 'to-be-issued';
  };

/** T16 for whoever has decided it: a paid order goes back as money, and its seats are marked for release with it. */
export const refundPaidOrder =
  (dependencies: RefundDependencies) =>
  async (orderId: OrderId): Promise<'refunding' | 'not-paid'> => {
    const found = await lookAtPaid(dependencies, orderId);
    return typeof found === 'string' ? found : requestRefund(dependencies, found);
  };

const requestRefund = async (
  { bookings }: RefundDependencies,
  { order, noTravel, now }: { order: OrderIn<'paid'>; noTravel: NoTravel | undefined; now: Instant },
): Promise<'refunding' | 'not-paid'> => {
  const refund: Refund & { state: 'requested' } = {
    orderId: order.orderId,
    paymentId: order.paidBy,
    refundNumber: refundNumberOf(order.paidBy, 'whole'),
    amount: order.amount,
    reason: noTravel === 'departed' ? 'departed' : 'cannot-issue',
    state: 'requested',
    requestedAt: now,
    attempts: 0,
  };
  // By the newest timetable it may have left earlier than it was sold to.
  const departed = noTravel === 'departed' && hasDeparted(order, now);
  const outcome = await writeTogether(bookings.client, [
    { label: 'order', write: refundOrder(bookings, order, { departed, now }) },
    ...removeClaims(bookings, claimsOf(order)).map((write) => ({ label: 'claim', write })),
    { label: 'count', write: countRefunded(bookings, order) },
    { label: 'payment', write: takeRefundable(bookings, order.paidBy, order.amount.amount) },
    { label: 'refund', write: putRefund(bookings, refund) },
    { label: 'journal', write: refundEntry(bookings, refund, now) },
  ]);
  return outcome.outcome === 'written' ? 'refunding' : 'not-paid';
};

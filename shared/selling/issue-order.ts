import { entryOf } from '../ledger/rules.ts';
import { putEntry } from '../ledger/store.ts';
import { writeAndFree } from '../orders/free-claims.ts';
import { countRefunded } from '../orders/counts-store.ts';
import type { Order, OrderIn } from '../orders/model.ts';
import { readOrder } from '../orders/store.ts';
import { issueOrder, refundOrder } from '../orders/transitions-store.ts';
import { putRefund } from '../payments/refunds-store.ts';
import { takeRefundable } from '../payments/store.ts';
import { writeTogether, type Table } from '../platform/dynamo.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import { noteRun } from '../runs/due-store.ts';
import type { SigningKey } from '../tickets/code-keys.ts';
import { ticketsOf } from '../tickets/issue.ts';
import { putTicket } from '../tickets/store.ts';
import { claimsOf } from '../paying/claims-of.ts';
import { refundEntry } from '../paying/refund-entry.ts';
import { readRunToday } from '../paying/run-today.ts';
import { decideIssue, decideReturn, type LoadedOrder, type ReturnCommand } from './decide-issue.ts';
import type { IssueRefusal, ReturnRefusal } from './rules.ts';

type Dependencies = {
  bookings: Table;
  timetable: Table;
  clock: Clock;
  signingKey: () => Promise<SigningKey>;
};

/** Adds the run to a paid order; callers that send money back use `afresh` to read the current one. */
const withRun = async (
  { timetable }: Pick<Dependencies, 'timetable'>,
  order: Order | undefined,
  afresh: boolean,
): Promise<LoadedOrder> =>
  order?.state === 'paid' ? { order, today: await readRunToday(timetable, order, { afresh }) } : { order };

/**
 * T15: writes all tickets of a paid order and the order itself in one transaction; running twice, it happens once.
 * Nobody gets a ticket for a run that has left their boarding stop, also according to the newest timetable. It reads
 * the run just before and does not check it inside the transaction: one run item in every issuing transaction would
 * make these refuse one another.
 */
export const issuePaidOrder =
  (dependencies: Dependencies) =>
  async (paid: Order | undefined): Promise<Outcome<object, IssueRefusal>> => {
    const { bookings, clock, signingKey } = dependencies;
    // Every issue reads the version in force: a read that is a second old is corrected before money goes back.
    const loaded = await withRun(dependencies, paid, false);
    const key = await signingKey();
    const now = clock();
    const decided = decideIssue(loaded, now);
    if (decided.outcome === 'rejected' || decided.now === 'issued') return decided;
    const { order, isRunGone } = decided;
    // The next look at the run then alerts a person that there are tickets for it.
    if (isRunGone) await noteRun(bookings, order.runId, { dueAt: now, now });
    const tickets = ticketsOf({ order, issuedAt: now, signingKey: key });
    const ticketIds = Object.fromEntries(tickets.map(({ itemId, ticketId }) => [itemId, ticketId]));
    const outcome = await writeTogether(bookings.client, [
      { label: 'order', write: issueOrder(bookings, order, ticketIds, now) },
      ...tickets.map((ticket) => ({ label: 'ticket', write: putTicket(bookings, ticket) })),
      { label: 'journal', write: putEntry(bookings, fareEntry(order, now)) },
    ]);
    if (outcome.outcome === 'written') return accepted({});
    const current = await readOrder(bookings, order.orderId, { consistent: true });
    return current?.state === 'issued' ? accepted({}) : rejected('not-paid');
  };

const fareEntry = ({ orderId, amount }: OrderIn<'paid'>, at: ReturnType<Clock>) =>
  entryOf('issued', { orderId, source: orderId, amount, at });

type RefundDependencies = Omit<Dependencies, 'signingKey'>;
type Returned = Outcome<object, ReturnRefusal>;

/**
 * T16 for callers that have not decided yet: sends the money of a paid order back only if something rules out travel.
 */
export const refundIfNoTravel =
  (dependencies: RefundDependencies) =>
  (paid: Order | undefined): Promise<Returned> =>
    returnMoney(dependencies, paid, { isDecided: false });

/** T16 for callers that have decided: sends the money of a paid order back and marks its seats for release. */
export const refundPaidOrder =
  (dependencies: RefundDependencies) =>
  (paid: Order | undefined): Promise<Returned> =>
    returnMoney(dependencies, paid, { isDecided: true });

const returnMoney = async (
  dependencies: RefundDependencies,
  paid: Order | undefined,
  command: ReturnCommand,
): Promise<Returned> => {
  const { bookings, clock } = dependencies;
  const loaded = await withRun(dependencies, paid, true);
  const now = clock();
  const decided = decideReturn(loaded, command, now);
  if (decided.outcome === 'rejected' || decided.now === 'refunding') return decided;
  const { order, refund, departed } = decided;
  const outcome = await writeAndFree(bookings, claimsOf(order), [
    { label: 'order', write: refundOrder(bookings, order, { departed, now }) },
    { label: 'count', write: countRefunded(bookings, order) },
    { label: 'payment', write: takeRefundable(bookings, order.paidBy, order.amount.amount) },
    { label: 'refund', write: putRefund(bookings, refund) },
    { label: 'journal', write: refundEntry(bookings, refund, now) },
  ]);
  if (outcome.outcome === 'written') return accepted({});
  const current = await readOrder(bookings, order.orderId, { consistent: true });
  return current?.state === 'refunding' ? accepted({}) : rejected('not-paid');
};

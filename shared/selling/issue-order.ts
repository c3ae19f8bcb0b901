import { entryOf } from '../ledger/rules.ts';
import { putEntry } from '../ledger/store.ts';
import { writeAndFree } from '../orders/free-claims.ts';
import { countRefunded } from '../orders/counts-store.ts';
import { isExchanging, type Order, type OrderIn } from '../orders/model.ts';
import { readOrder } from '../orders/store.ts';
import { issueOrder, issueUnpaid, refundOrder } from '../orders/transitions-store.ts';
import { putRefund } from '../payments/refunds-store.ts';
import { takeRefundable } from '../payments/store.ts';
import { decideAnew } from '../platform/decide-anew.ts';
import { writeTogether, type LabelledWrite, type Table } from '../platform/dynamo.ts';
import { accepted, rejected, type Outcome, type Rejected } from '../platform/outcome.ts';
import type { Clock, Instant } from '../platform/time.ts';
import { noteRun } from '../runs/due-store.ts';
import type { SigningKey } from '../tickets/code-keys.ts';
import { ticketsOf } from '../tickets/issue.ts';
import { putTicket } from '../tickets/store.ts';
import { claimsOf } from '../paying/claims-of.ts';
import { refundEntry } from '../paying/refund-entry.ts';
import { readRunToday } from '../paying/run-today.ts';
import {
  decideIssue,
  decideReturn,
  type Former,
  type LoadedOrder,
  type ReturnCommand,
} from './decide-issue.ts';
import { endReplaced, readFormer, replacedClaims } from './former-tickets.ts';
import { releaseGivenUp } from './release-items.ts';
import type { IssueRefusal, ReturnRefusal } from './rules.ts';

type Dependencies = {
  bookings: Table;
  inventory: Table;
  timetable: Table;
  clock: Clock;
  signingKey: () => Promise<SigningKey>;
};

/**
 * Adds the run to a paid order, and the tickets that it replaces; callers that send money back use `afresh` to read the
 * current one.
 */
const loaded = async (
  { bookings, timetable }: Pick<Dependencies, 'bookings' | 'timetable'>,
  order: Order | undefined,
  afresh: boolean,
): Promise<{ loaded: LoadedOrder; former?: Former | undefined }> => {
  if (order?.state !== 'paid') return { loaded: { order } };
  const [today, former] = await Promise.all([
    readRunToday(timetable, order, { afresh }),
    readFormer(bookings, order),
  ]);
  return { loaded: { order, today, ...(former && { former }) }, former };
};

/** The number of decisions, if a ticket that the order replaces changes at the same moment. */
const attemptsMax = 3;

/**
 * T15: writes all tickets of a paid order and the order itself in one transaction; running twice, it happens once.
 * Nobody gets a ticket for a run that has left their boarding stop, also according to the newest timetable. It reads
 * the run just before and does not check it inside the transaction: one run item in every issuing transaction would
 * make these refuse one another. The tickets that the order replaces end in the same transaction, and their seats are
 * released afterwards; if this dies in between, the clean-up releases them.
 */
export const issuePaidOrder =
  (dependencies: Dependencies) =>
  async (paid: Order | undefined): Promise<Outcome<object, IssueRefusal>> => {
    let order = paid;
    const issued = await decideAnew(attemptsMax, async () => {
      const outcome = await issueOnce(dependencies, order);
      if (outcome.outcome === 'accepted' || outcome.reason !== 'changed-meanwhile') return outcome;
      order = outcome.order;
      return outcome;
    });
    if (issued.outcome === 'accepted') return accepted({});
    return issued.reason === 'changed-meanwhile' ? rejected('not-paid') : rejected(issued.reason);
  };

type IssuedOnce =
  Outcome<object, IssueRefusal> | (Rejected<'changed-meanwhile'> & { order: OrderIn<'paid'> });

const issueOnce = async (dependencies: Dependencies, paid: Order | undefined): Promise<IssuedOnce> => {
  const { bookings, clock, signingKey } = dependencies;
  // Every issue reads the version in force: a read that is a second old is corrected before money goes back.
  const read = await loaded(dependencies, paid, false);
  const key = await signingKey();
  const now = clock();
  const decided = decideIssue(read.loaded, now);
  if (decided.outcome === 'rejected' || decided.now === 'issued') return decided;
  const { order, isRunGone } = decided;
  // The next look at the run then alerts a person that there are tickets for it.
  if (isRunGone) await noteRun(bookings, order.runId, { dueAt: now, now });
  const outcome = await writeIssue(bookings, order, read.former, { now, key });
  if (outcome.outcome === 'written') {
    if (read.former) await releaseGivenUp(dependencies, read.former.order.orderId);
    return accepted({});
  }
  const current = await readOrder(bookings, order.orderId, { consistent: true });
  if (current?.state === 'paid') return { ...rejected('changed-meanwhile'), order: current };
  return current?.state === 'issued' ? accepted({}) : rejected('not-paid');
};

const writeIssue = (
  bookings: Table,
  order: OrderIn<'paid'>,
  former: Former | undefined,
  { now, key }: { now: Instant; key: SigningKey },
) => {
  const writes = [
    ...issueWrites(bookings, order, { now, key }),
    { label: 'journal', write: putEntry(bookings, fareEntry(order, now)) },
  ];
  if (!former || !isExchanging(order)) return writeTogether<string>(bookings.client, writes);
  return writeAndFree<string>(bookings, replacedClaims(order, former), [
    ...writes,
    ...endReplaced(bookings, order, former, now),
  ]);
};

/** The tickets of an order, and the order with them: T15 for a paid one, T18 for a held one. */
export const issueWrites = (
  bookings: Table,
  order: OrderIn<'paid' | 'held'>,
  { now, key }: { now: Instant; key: SigningKey },
): LabelledWrite<string>[] => {
  const tickets = ticketsOf({ order, issuedAt: now, signingKey: key });
  const issue = order.state === 'paid' ? issueOrder : issueUnpaid;
  const ticketIds = Object.fromEntries(tickets.map(({ itemId, ticketId }) => [itemId, ticketId]));
  return [
    { label: 'order', write: issue(bookings, order, ticketIds, now) },
    ...tickets.map((ticket) => ({ label: 'ticket', write: putTicket(bookings, ticket) })),
  ];
};

const fareEntry = ({ orderId, amount }: OrderIn<'paid'>, at: Instant) =>
  entryOf('issued', { orderId, source: orderId, amount, at });

type RefundDependencies = Omit<Dependencies, 'signingKey' | 'inventory'>;
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
  const read = await loaded(dependencies, paid, true);
  const now = clock();
  const decided = decideReturn(read.loaded, command, now);
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

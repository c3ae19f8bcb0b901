import { idOf, kindOf, numberOf, type ItemKey } from '../bookings/keys.ts';
import { kinds } from '../bookings/kinds.ts';
import { comesLast, type CleanUpAction } from '../bookings/kinds-by-use.ts';
import { endRecovered, listAttention } from '../bookings/attention-store.ts';
import { dueFromTheStart, forgottenAfterSeconds, readDue, type DueKey } from '../bookings/due-store.ts';
import type { Order } from '../orders/model.ts';
import { readOrder } from '../orders/store.ts';
import { jobIdSchema, orderIdSchema, runIdSchema, type OrderId } from '../platform/ids.ts';
import { accepted, never, rejected, type Outcome } from '../platform/outcome.ts';
import { plusSeconds, type Clock } from '../platform/time.ts';
import { stoppable, type Table } from '../platform/dynamo.ts';
import { inLanes } from '../platform/in-lanes.ts';
import { sweepLimits } from '../platform/limits.ts';
import { loggable, logger } from '../platform/log.ts';
import { within } from '../platform/time-limit.ts';
import { newUlid } from '../platform/random.ts';
import { workJob } from '../disruption/work-job.ts';
import { followDue } from '../runs/follow-newest.ts';
import { cleanUpPayment } from './clean-up-payment.ts';
import { endOrderData } from './end-order-data.ts';
import type { Ending } from '../selling/decide-end.ts';
import { closeForEnd, releaseForEnd, type EndDependencies } from '../selling/end-order.ts';
import { issuePaidOrder, refundIfNoTravel } from '../selling/issue-order.ts';
import { releaseItems } from '../selling/release-items.ts';
import type { IssueRefusal, ReturnRefusal } from '../selling/rules.ts';
import type { SigningKey } from '../tickets/code-keys.ts';
import { isRetryable, type CleanUpRefusal } from './rules.ts';
import { countMissedEvent, hadNoWorkflow } from './missed-events.ts';
import { postponeFailed } from './postpone-failed.ts';
import { judgeSuspect } from './watch-holds.ts';
import { submitRefund } from '../paying/submit-refund.ts';
import { allocateRun } from '../waitlist/allocate-run.ts';
import { lookAtEntry } from '../waitlist/look-at-entry.ts';

export type CleanUpDependencies = EndDependencies & {
  bookings: Table;
  clock: Clock;
  signingKey: () => Promise<SigningKey>;
  random: () => number;
};

export type CleanUpReport = { seen: number; failed: { key: string; why: string }[] };

type Time = { hasTime: () => boolean; itemMilliseconds?: number; runsMax?: number };

const perShardMax = 25;
const atOnceMax = 8;

/** After an import, many runs are behind at once; the rest get their turn in the next minutes. */
const runsPerCallMax = 400;

/**
 * The second, independent way for everything with a deadline: overdue holds, paid orders without tickets, captured
 * money that has paid for nothing, payments neither captured nor closed, unconfirmed refunds, seats to release, runs
 * that are behind the timetable, personal data whose time is over. It does the work of the workflow and the queues, by
 * the same use cases. An item that fails or hangs never delays the others.
 */
export const cleanUp =
  (dependencies: CleanUpDependencies) =>
  async ({
    hasTime,
    itemMilliseconds = sweepLimits.item,
    runsMax = runsPerCallMax,
  }: Time): Promise<CleanUpReport> => {
    const report: CleanUpReport = { seen: 0, failed: [] };
    const each = (keys: readonly DueKey[]): Promise<void> =>
      inLanes(keys, { lanes: atOnceMax, hasTime }, (key) =>
        cleanUpReporting(dependencies, key, { report, itemMilliseconds }),
      );
    const now = dependencies.clock();
    const runs: DueKey[] = [];
    let places = dueFromTheStart;
    while (places.length > 0 && hasTime()) {
      const time = { timeLeft: () => itemMilliseconds, itemMilliseconds };
      const { bookings } = dependencies;
      const { keys, rest, unread } = await readDue(bookings, { now, places, perShardMax, time });
      report.failed.push(
        ...unread.map(({ place, why }) => ({ key: place.dueShard, why: loggable(why).name })),
      );
      // Seats and money come first: a run that is behind can wait.
      runs.push(...keys.filter(isLast));
      await each(keys.filter((key) => !isLast(key)));
      places = rest;
    }
    runs.sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1));
    await each(runs.slice(0, runsMax));
    await endRecoveredFlags(dependencies).catch((error: unknown) =>
      report.failed.push({ key: 'the end of recovered flags', why: loggable(error).name }),
    );
    return report;
  };

const recoveredPerShardMax = 250;

/** Ends the flag of items that kept failing and no longer fail, whatever made them recover. */
const endRecoveredFlags = ({ bookings: whole, clock }: CleanUpDependencies): Promise<void> =>
  within(sweepLimits.bookkeeping, async (signal) => {
    const bookings = stoppable(whole, signal);
    const now = clock();
    const recently = plusSeconds(now, -forgottenAfterSeconds);
    const { items } = await listAttention(bookings, { perShardMax: recoveredPerShardMax });
    for (const { key, attention } of items)
      if (attention.kind === 'keeps-failing') await endRecovered(bookings, key, { now, recently });
  });

const cleanUpReporting = async (
  dependencies: CleanUpDependencies,
  key: DueKey,
  { report, itemMilliseconds }: { report: CleanUpReport; itemMilliseconds: number },
): Promise<void> => {
  report.seen += 1;
  try {
    const cleaned = await within(itemMilliseconds, (signal) =>
      cleanUpOne(
        {
          ...dependencies,
          bookings: stoppable(dependencies.bookings, signal),
          inventory: stoppable(dependencies.inventory, signal),
        },
        key,
      ),
    );
    if (cleaned.outcome === 'rejected' && isRetryable[cleaned.reason])
      await postponeFailed(dependencies, key, 'it does not finish');
  } catch (error) {
    const why = loggable(error).name;
    report.failed.push({ key: `${key.pk} ${key.sk}`, why });
    // The item then keeps its place in front, and the next minute tries it again.
    await postponeFailed(dependencies, key, why).catch((alsoThrown: unknown) =>
      logger.error('a failed item could not be postponed', { ...key, thrown: loggable(alsoThrown) }),
    );
  }
};

type CleanedUp = Outcome<object, CleanUpRefusal>;

/** The work for each kind of due item, by the name in the registry of kinds. */
const actions: Readonly<
  Record<CleanUpAction, (dependencies: CleanUpDependencies, key: ItemKey) => Promise<CleanedUp>>
> = {
  'end-or-issue': (dependencies, { pk }) => cleanUpOrder(dependencies, orderOfKey(pk)),
  'settle-or-apply': (dependencies, { sk }) => cleanUpPayment(dependencies, numberOf(sk)),
  submit: async (dependencies, { pk, sk }) => {
    await submitRefund(dependencies)(orderOfKey(pk), numberOf(sk));
    return accepted({});
  },
  'end-its-data': (dependencies, { pk }) => endOrderData(dependencies)(orderOfKey(pk)),
  'serve-or-end': (dependencies, { pk }) => lookAtEntry(dependencies)(orderOfKey(pk)),
  allocate: async (dependencies, { pk }) => {
    await allocateRun(dependencies)(runIdSchema.parse(idOf(pk)));
    return accepted({});
  },
  judge: (dependencies, { pk, sk }) => judgeSuspect(dependencies)(orderOfKey(pk), sk),
  'work-on-job': async (dependencies, { pk, sk }) => {
    const { clock } = dependencies;
    const until = plusSeconds(clock(), (sweepLimits.item - sweepLimits.jobStep) / 1000);
    const holder = newUlid(clock());
    const hasTime = () => clock() < until;
    const worked = await workJob(dependencies)(jobIdSchema.parse(idOf(pk)), { holder, hasTime });
    // It has another look before it; if these never end, a person must know.
    if (worked.outcome === 'accepted' && worked.job.dueAt && worked.job.unsettled > 0)
      await postponeFailed(dependencies, { pk, sk, dueAt: worked.job.dueAt }, 'some tickets stay unsettled');
    return accepted({});
  },
  'follow-the-timetable': async (dependencies, { pk }) => {
    await followDue(dependencies)(runIdSchema.parse(idOf(pk)));
    return accepted({});
  },
};

const orderOfKey = (pk: string): OrderId => orderIdSchema.parse(idOf(pk));

/** The registry's entry for a due item; undefined for a kind that is never due. */
const dueOfKind = (key: ItemKey) => {
  const kind = kindOf(key);
  const entry = kind && kinds[kind];
  return entry && 'due' in entry ? entry.due : undefined;
};

const isLast = (key: ItemKey): boolean => {
  const kind = kindOf(key);
  return kind !== undefined && comesLast(kind);
};

const cleanUpOne = async (dependencies: CleanUpDependencies, key: ItemKey): Promise<CleanedUp> => {
  const due = dueOfKind(key);
  if (!due) throw new Error(`nothing of the kind ${kindOf(key) ?? key.sk} is ever due`);
  return actions[due.does](dependencies, key);
};

const cleanUpOrder = async (dependencies: CleanUpDependencies, orderId: OrderId): Promise<CleanedUp> => {
  const order = await readOrder(dependencies.bookings, orderId, { consistent: true });
  switch (order?.state) {
    case 'held':
    case 'closing':
    case 'releasing': {
      if (order.state === 'held' && hadNoWorkflow(order, dependencies.clock()))
        countMissedEvent('order-held', order.orderId, dependencies.clock());
      const reason = order.state === 'held' ? 'expired' : order.endReason;
      const closed = await closeForEnd(dependencies)(order, reason);
      if (closed.outcome === 'rejected') return afterNoEnd(dependencies, closed);
      if (closed.now === 'releasing') await releaseForEnd(dependencies)(closed.order);
      return accepted({});
    }
    case 'paid':
      return (await issueOrRefund(dependencies, order)).outcome === 'accepted'
        ? accepted({})
        : rejected('unfinished');
    case 'issued':
    case 'refunding':
    case 'refunded':
    case 'expired':
    case 'cancelled':
      await releaseItems(dependencies)(order);
      return accepted({});
    case 'void':
    case undefined:
      return accepted({});
    default:
      return never(order);
  }
};

const afterNoEnd = async (
  dependencies: CleanUpDependencies,
  { reason, order }: Extract<Ending, { outcome: 'rejected' }>,
): Promise<CleanedUp> => {
  if (reason === 'already-paid') await issueOrRefund(dependencies, order);
  return reason === 'payments-unfinished' ? rejected('unfinished') : accepted({});
};

const issueOrRefund = async (
  dependencies: CleanUpDependencies,
  order: Order,
): Promise<Outcome<object, IssueRefusal | ReturnRefusal>> => {
  const issued = await issuePaidOrder(dependencies)(order);
  if (issued.outcome === 'accepted' || issued.reason !== 'no-travel') return issued;
  const refunded = await refundIfNoTravel(dependencies)(order);
  if (refunded.outcome === 'accepted' || refunded.reason !== 'can-travel') return refunded;
  return issuePaidOrder(dependencies)(order);
};

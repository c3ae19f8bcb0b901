import { isOpen } from '../entries/model.ts';
import { dateOfRun, type CountsOfUser } from '../orders/budgets.ts';
import { countedItems, openStates, type OrderState, type CommittedOrder } from '../orders/model.ts';
import type { UserId } from '../platform/ids.ts';
import { instantOf, millisecondsOf, type Instant } from '../platform/time.ts';
import { findingsAbout } from './lookups.ts';
import type { Finding, OrderPart } from './model.ts';

/** A user's counts according to the orders themselves: open ones, ended ones by day, seats by run. */
export type Counted = {
  open: number;
  entries: number;
  ended: Map<string, number>;
  seats: Map<string, number>;
};

const endedStates: ReadonlySet<OrderState> = new Set(['expired', 'cancelled', 'refunding', 'refunded']);

const add = (counts: Map<string, number>, key: string, more: number): void => {
  if (more !== 0) counts.set(key, (counts.get(key) ?? 0) + more);
};

const countOrder = (order: CommittedOrder, counted: Counted): void => {
  if (openStates.has(order.state)) counted.open += 1;
  if (order.endsOn && endedStates.has(order.state)) add(counted.ended, order.endsOn, 1);
  add(counted.seats, order.runId, countedItems(order).length);
};

/** Adds the counts of each user in these orders. */
export const countOrders = (
  orders: readonly OrderPart[],
  counts = new Map<UserId, Counted>(),
): Map<UserId, Counted> => {
  const countedOf = (userId: UserId): Counted => {
    const counted = counts.get(userId) ?? { open: 0, entries: 0, ended: new Map(), seats: new Map() };
    counts.set(userId, counted);
    return counted;
  };
  for (const { order, waitlisted } of orders) {
    if (order && order.state !== 'void') countOrder(order, countedOf(order.userId));
    if (waitlisted && isOpen(waitlisted)) countedOf(waitlisted.ownerId).entries += 1;
  }
  return counts;
};

const dayMilliseconds = 86_400_000;

const dayBefore = (now: Instant, days: number): string =>
  instantOf(millisecondsOf(now) - days * dayMilliseconds).slice(0, 10);

/**
 * Compares the counts, which the transactions that open, end, pay and refund orders keep, with the orders. A user's
 * next hold drops the counts of days and runs that are long over: nobody needs them any more.
 */
export const auditCounts = (
  counts: ReadonlyMap<UserId, Counted>,
  stored: ReadonlyMap<UserId, CountsOfUser>,
  now: Instant,
): Finding[] => {
  const [firstDay, firstRunDay] = [dayBefore(now, 1), dayBefore(now, 5)];
  return [...new Set([...counts.keys(), ...stored.keys()])].flatMap((userId) => {
    const { findings, report } = findingsAbout({ kind: 'user', userId });
    const counted = counts.get(userId);
    const says = stored.get(userId);
    const [has, open] = [counted?.open ?? 0, says?.openOrders ?? 0];
    if (has !== open)
      report('open-count', userId, `the user ${userId} has ${has} open orders, counted as ${open}`);
    const [hasEntries, entries] = [counted?.entries ?? 0, says?.openEntries ?? 0];
    if (hasEntries !== entries) {
      const what = `the user ${userId} has ${hasEntries} open entries of the waitlist, counted as ${entries}`;
      report('entry-count', userId, what);
    }
    const days = differing(counted?.ended, says?.ended).filter(({ key }) => key >= firstDay);
    for (const { key, has: ended, says: counted } of days) {
      const what = `${ended} orders of the user ${userId} ended on ${key}, counted as ${counted}`;
      report('ended-count', `${userId} ${key}`, what);
    }
    const runs = differing(counted?.seats, says?.seats).filter(({ key }) => dateOfRun(key) >= firstRunDay);
    for (const { key, has: seats, says: counted } of runs) {
      const what = `the user ${userId} has ${seats} seats on ${key}, counted as ${counted}`;
      report('seat-count', `${userId} ${key}`, what);
    }
    return findings;
  });
};

const differing = (
  counted: ReadonlyMap<string, number> = new Map(),
  stored: ReadonlyMap<string, number> = new Map(),
) =>
  [...new Set([...counted.keys(), ...stored.keys()])]
    .map((key) => ({ key, has: counted.get(key) ?? 0, says: stored.get(key) ?? 0 }))
    .filter(({ has, says }) => has !== says);

import type { Carrier, Limit } from '../platform/carrier.ts';
import type { RunId, ServiceDate, UserId } from '../platform/ids.ts';
import { localDateOf, type Instant } from '../platform/time.ts';
import type { EndReason } from './model.ts';

/** What is counted of a user, in the transactions that change it. */
export type UserCounts = {
  openOrders: number;
  /** Orders that were cancelled or expired, by the day they count on. */
  ended: ReadonlyMap<string, number>;
  /** Seats of living items, by run. */
  seats: ReadonlyMap<string, number>;
  /** Questions that were answered with somebody's journey, by day: what was asked, not how often. */
  asked: ReadonlyMap<string, ReadonlySet<string>>;
};

export type CountsOfUser = UserCounts & { userId: UserId };

export const noCounts: UserCounts = {
  openOrders: 0,
  ended: new Map(),
  seats: new Map(),
  asked: new Map(),
};

/** A run's id contains the service date. */
export const dateOfRun = (runId: string): string => runId.split('~')[1] ?? '';

/** Whether one more is too many when there are so many already. */
export const isReached = (limit: Limit, count: number): boolean => limit !== 'unlimited' && count >= limit;

/** A day as budgets count it: the calendar's in the carrier's zone. */
export const budgetDay = ({ timeZone }: Pick<Carrier, 'timeZone'>, now: Instant): ServiceDate =>
  localDateOf(now, timeZone);

/** The day on which an order counts as ended: of its deadline, or of its cancelling. */
export const endsOn = (
  carrier: Pick<Carrier, 'timeZone'>,
  reason: EndReason,
  { expiresAt, now }: { expiresAt: Instant; now: Instant },
): ServiceDate => budgetDay(carrier, reason === 'expired' ? expiresAt : now);

/** What a new order asks of its user's budgets. */
export type BudgetWish = { runId: RunId; seats: number; today: ServiceDate };

/**
 * A user's item must never grow so large that it cannot be written: an order could not end then. Nobody travels on so
 * many runs in the few weeks that are counted.
 */
export const countedRunsMax = 200;

export type BudgetRefusal = 'too-many-open-orders' | 'too-many-ended-orders' | 'too-many-seats';

type Budgets = Pick<Carrier, 'openOrdersMax' | 'endedOrdersPerDayMax' | 'seatsPerRunMax'>;

/** Whether a user may hold one more order. The commit repeats it as its condition. */
export const decideBudgets = (
  { openOrders, ended, seats: taken }: UserCounts,
  { runId, seats, today }: BudgetWish,
  { openOrdersMax, endedOrdersPerDayMax, seatsPerRunMax }: Budgets,
): BudgetRefusal | undefined => {
  if (isReached(endedOrdersPerDayMax, ended.get(today) ?? 0)) return 'too-many-ended-orders';
  if (isReached(openOrdersMax, openOrders)) return 'too-many-open-orders';
  if (isReached(seatsPerRunMax, (taken.get(runId) ?? 0) + seats - 1)) return 'too-many-seats';
  const runs = [...taken].filter(([run, count]) => count > 0 && run !== runId).length;
  return runs >= countedRunsMax ? 'too-many-seats' : undefined;
};

import type { Carrier, Limit } from '../platform/carrier.ts';
import type { RunId, ServiceDate, UserId } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { localDateOf, type Instant } from '../platform/time.ts';
import type { EndReason } from './model.ts';

/** A user's counts; the transactions that change the counted things also change them. */
export type UserCounts = {
  openOrders: number;
  /** Entries of the waitlist that are unpaid or waiting. */
  openEntries: number;
  /** Orders that were cancelled or expired, by the day on which they count. */
  ended: ReadonlyMap<string, number>;
  /** Seats of living items, by run. */
  seats: ReadonlyMap<string, number>;
  /** The questions whose answers revealed somebody's journey, by day: what the user asked, not how often. */
  asked: ReadonlyMap<string, ReadonlySet<string>>;
};

export type CountsOfUser = UserCounts & { userId: UserId };

export const noCounts: UserCounts = {
  openOrders: 0,
  openEntries: 0,
  ended: new Map(),
  seats: new Map(),
  asked: new Map(),
};

/** A run's id contains the service date. */
export const dateOfRun = (runId: string): string => runId.split('~')[1] ?? '';

/** Whether the count has reached its limit, so that one more is too many. */
export const isReached = (limit: Limit, count: number): boolean => limit !== 'unlimited' && count >= limit;

/** A day of the budgets: the calendar day in the carrier's zone. */
export const budgetDay = ({ timeZone }: Pick<Carrier, 'timeZone'>, now: Instant): ServiceDate =>
  localDateOf(now, timeZone);

/** The day on which an order counts as ended: that of its deadline, or of its cancellation. */
export const endsOn = (
  carrier: Pick<Carrier, 'timeZone'>,
  reason: EndReason,
  { expiresAt, now }: { expiresAt: Instant; now: Instant },
): ServiceDate => budgetDay(carrier, reason === 'expired' ? expiresAt : now);

/** What a new order needs from its user's budgets. `instead`: the seats on the same run that it replaces. */
export type BudgetWish = { runId: RunId; seats: number; today: ServiceDate; instead?: number | undefined };

/**
 * A user's item must never grow too large to write, because then no order could end. Nobody travels on so many runs in
 * the few weeks that count.
 */
export const countedRunsMax = 200;

export type BudgetRefusal = 'too-many-open-orders' | 'too-many-ended-orders' | 'too-many-seats';

type Budgets = Pick<Carrier, 'openOrdersMax' | 'endedOrdersPerDayMax' | 'seatsPerRunMax'>;

/**
 * Whether a user may hold one more order. The commit repeats this as its condition: entries to delete may count again in
 * a later try, and nothing more.
 */
export const decideBudgets = (
  { openOrders, ended, seats: seatsByRun }: UserCounts,
  { runId, seats, today, instead = 0 }: BudgetWish,
  { openOrdersMax, endedOrdersPerDayMax, seatsPerRunMax }: Budgets,
): Outcome<object, BudgetRefusal> => {
  if (isReached(endedOrdersPerDayMax, ended.get(today) ?? 0)) return rejected('too-many-ended-orders');
  if (isReached(openOrdersMax, openOrders)) return rejected('too-many-open-orders');
  if (isReached(seatsPerRunMax, (seatsByRun.get(runId) ?? 0) + seats - instead - 1))
    return rejected('too-many-seats');
  const runs = [...seatsByRun].filter(([run, count]) => count > 0 && run !== runId).length;
  return runs >= countedRunsMax ? rejected('too-many-seats') : accepted({});
};

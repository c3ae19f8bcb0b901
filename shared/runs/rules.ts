import { livingStates, type Order } from '../orders/model.ts';
import { closedForGood, type ShardState } from '../inventory/pieces.ts';
import type { ServiceDate } from '../platform/ids.ts';
import { daysBetween, millisecondsOf, plusDays, plusSeconds, type Instant } from '../platform/time.ts';
import type { Run, Sales } from '../timetable/model.ts';
import type { Difference, Followed } from './model.ts';

const callsOf = ({ stops }: Run): string =>
  JSON.stringify(stops.map(({ stopId, arrives, departs }) => [stopId, arrives, departs]));

const detailsOf = ({ trip, stops }: Run): string =>
  JSON.stringify([
    trip,
    stops.map(({ name, timeZone, boarding, alighting, km }) => [
      name,
      timeZone,
      boarding,
      alighting,
      km ?? null,
    ]),
  ]);

/** How a run differs from what a version has under its id; undefined where it does not. */
export const differenceOf = (run: Run, fresh: Run | undefined): Difference | undefined => {
  if (!fresh) return 'gone';
  if (callsOf(run) !== callsOf(fresh)) return 'times';
  if (JSON.stringify(run.layout) !== JSON.stringify(fresh.layout)) return 'layout';
  return detailsOf(run) === detailsOf(fresh) ? undefined : 'details';
};

/** Whether a frozen run is to become what the newest version has, as far as the timetable decides. */
export const decideFollowing = (
  { run, fresh, version }: { run: Run; fresh: Run | undefined; version: string },
  now: Instant,
): 'behind' | Extract<Followed, 'current' | 'gone' | 'over'> => {
  if (run.state === 'closed') return 'over';
  if (run.version >= version) return 'current';
  const differs = differenceOf(run, fresh);
  if (!differs) return 'current';
  if (!fresh) return 'gone';
  return (fresh.stops[0]?.departs ?? now) <= now ? 'over' : 'behind';
};

/** Whether a shard takes no holds because of a change: of one that is closed for good nobody ever speaks again. */
export const closedByChange = ({ closed }: ShardState): number | undefined =>
  closed === closedForGood ? undefined : closed;

export const isOwned = ({ pieces }: ShardState): boolean =>
  [...pieces.values()].some(({ owner }) => owner !== 'free');

/** T28: whether a shard, read before its run, was left closed by a change that is over and has changed nothing. */
export const isLeftClosed = (
  { generation, closed }: { generation: number; closed: number },
  run: Run | undefined,
): boolean => run?.generation === generation && run.state === 'open' && run.changing !== closed;

/** What the orders whose pieces stand in the way make of a run: bought stays bought, and a hold ends. */
export const decideOwned = (orders: readonly Order[]): 'held' | 'kept' =>
  orders.some(({ state }) => state === 'paid' || state === 'issued') ? 'kept' : 'held';

const soonestSeconds = 60;
const latestSeconds = 300;

/** When a run that is held is looked at again: when the last of its holds may be over, within five minutes. */
export const lookAgainAt = (orders: readonly Order[], now: Instant): Instant => {
  const ends = orders.flatMap((order) =>
    order.state !== 'void' && livingStates.has(order.state) ? [order.expiresAt] : [],
  );
  const last = ends.sort().at(-1) ?? now;
  const [soonest, latest] = [plusSeconds(now, soonestSeconds), plusSeconds(now, latestSeconds)];
  if (last < soonest) return soonest;
  return last > latest ? latest : last;
};

/** An import that has not put its version in force by then has died; were it alive, the sweep would find the run. */
const importSecondsMax = 3600;

/**
 * When a run that is noted is looked at again; undefined when nothing is left to do for it. One that was noted for a
 * version that is yet to come is not behind before: it is put off, or nobody would look when the version is there.
 */
export const lookedAtAgain = (
  {
    note,
    followed,
    inForce,
    orders,
  }: {
    note: { awaits?: { version: string; since: Instant } };
    followed: Followed;
    inForce: string | undefined;
    orders: readonly Order[];
  },
  now: Instant,
): Instant | undefined => {
  if (followed === 'held' || followed === 'overtaken') return lookAgainAt(orders, now);
  const { version, since } = note.awaits ?? {};
  const isAwaited = version !== undefined && (inForce === undefined || version > inForce);
  return isAwaited && since && now < plusSeconds(since, importSecondsMax)
    ? plusSeconds(now, latestSeconds)
    : undefined;
};

const minutesOfDay = 1440;

/**
 * The minute of the UTC day that is a date's own, for ever. Coprime to the minutes of a day and near to its golden
 * section: no two of many dates in a row have the same, and few dates are spread as well as many.
 */
const minuteOf = (date: ServiceDate): number =>
  (daysBetween('1970-01-01' as ServiceDate, date) * 889) % minutesOfDay;

const daySeconds = 86_400;

/**
 * The dates on sale whose turn came after `since`, up to now (each has a turn a day), and those that are owed. A `since`
 * that is longer ago than a day, not known, or from the future, means all of them.
 */
export const datesToSweep = (
  sales: Sales,
  today: ServiceDate,
  { since, now, owed = [] }: { since: Instant | undefined; now: Instant; owed?: readonly ServiceDate[] },
): ServiceDate[] => {
  const aDayAgo = plusSeconds(now, -daySeconds);
  const from = minutesUntil(since !== undefined && since > aDayAgo && since <= now ? since : aDayAgo);
  const minute = minutesUntil(now);
  // Yesterday's last runs may be on their way.
  const first = plusDays(today, -1);
  return Array.from({ length: Math.max(0, daysBetween(first, sales.until) + 1) }, (_, index) =>
    plusDays(first, index),
  ).filter((date) => {
    const lastTurn = minute - ((minute - minuteOf(date)) % minutesOfDay);
    return lastTurn > from || owed.includes(date);
  });
};

const minutesUntil = (instant: Instant): number => Math.floor(millisecondsOf(instant) / 60_000);

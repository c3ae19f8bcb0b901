import { livingStates, type Order } from '../orders/model.ts';
import { closedForGood, type ShardState } from '../inventory/pieces.ts';
import type { ServiceDate } from '../platform/ids.ts';
import type { Names } from '../platform/languages.ts';
import { daysBetween, millisecondsOf, plusDays, plusSeconds, type Instant } from '../platform/time.ts';
import type { Run, Sales } from '../timetable/model.ts';
import { lastServiceDateSold } from '../timetable/sale-rules.ts';
import type { Difference, Followed } from './model.ts';

/** Why a run has not changed. `owned`: somebody has a seat of it. `overtaken`: another has changed it, or is about to. */
export type ChangeRefusal = 'owned' | 'overtaken';

/** Whether the same change may succeed a moment later although nobody changes anything: a hold lasts for minutes. */
export const isRetryable = {
  owned: false,
  overtaken: true,
} as const satisfies Record<ChangeRefusal, boolean>;

const callsOf = ({ stops }: Run): string =>
  JSON.stringify(stops.map(({ stopId, arrives, departs }) => [stopId, arrives, departs]));

/** Two feeds may list the same translations in another order. */
const namesOf = (names: Names = {}): [string, string][] =>
  Object.entries(names).sort(([a], [b]) => (a < b ? -1 : 1));

const headsignOf = ({ headsign }: Pick<Run, 'headsign'>) =>
  headsign ? [headsign.text, namesOf(headsign.names)] : null;

const detailsOf = (run: Run): string =>
  JSON.stringify([
    run.trip,
    run.routeId ?? null,
    namesOf(run.tripNames),
    headsignOf(run),
    run.stops.map((stop) => [
      stop.name,
      namesOf(stop.names),
      headsignOf(stop),
      stop.timeZone,
      stop.boarding,
      stop.alighting,
      stop.km ?? null,
    ]),
  ]);

/** How a run differs from the same run in a version; undefined if it does not. */
export const differenceOf = (run: Run, fresh: Run | undefined): Difference | undefined => {
  if (!fresh) return 'gone';
  if (callsOf(run) !== callsOf(fresh)) return 'times';
  if (JSON.stringify(run.layout) !== JSON.stringify(fresh.layout)) return 'layout';
  return detailsOf(run) === detailsOf(fresh) ? undefined : 'details';
};

/** Whether a frozen run must follow the newest version, as far as the timetable decides. */
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

/** The change that closed a shard, if one did: a shard that is closed for good never opens again. */
export const closedByChange = ({ closed }: ShardState): number | undefined =>
  closed === closedForGood ? undefined : closed;

export const isOwned = ({ pieces }: ShardState): boolean =>
  [...pieces.values()].some(({ owner }) => owner !== 'free');

/**
 * T28: whether an ended change that changed nothing left this shard closed. The caller read the shard before its run.
 */
export const isLeftClosed = (
  { generation, closed }: { generation: number; closed: number },
  run: Run | undefined,
): boolean => run?.generation === generation && run.state === 'open' && run.changing !== closed;

/** The decision about a run whose pieces have owners: a bought run stays as it is, and a hold ends soon. */
export const decideOwned = (orders: readonly Order[]): 'held' | 'kept' =>
  orders.some(({ state }) => state === 'paid' || state === 'issued') ? 'kept' : 'held';

const soonestSeconds = 60;
const latestSeconds = 300;

/** When to look again at a run with holds: when the last of them may be over, within five minutes. */
export const lookAgainAt = (orders: readonly Order[], now: Instant): Instant => {
  const ends = orders.flatMap((order) =>
    order.state !== 'void' && livingStates.has(order.state) ? [order.expiresAt] : [],
  );
  const last = ends.sort().at(-1) ?? now;
  const [soonest, latest] = [plusSeconds(now, soonestSeconds), plusSeconds(now, latestSeconds)];
  if (last < soonest) return soonest;
  return last > latest ? latest : last;
};

/** An import that has not put its version in force by then has died; if it is still alive, the sweep finds the run. */
const importSecondsMax = 3600;

/**
 * When to look again at a noted run; undefined if nothing is left to do. A run whose note awaits a version that is not
 * in force yet is not behind yet: postponing keeps the note, otherwise nobody would look when the version comes.
 */
export const nextLookAt = (
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
 * The fixed minute of the UTC day for a date. The factor has no common divisor with the minutes of a day and is close
 * to its golden section: consecutive dates never share a minute, and a few dates spread as well as many.
 */
const minuteOf = (date: ServiceDate): number =>
  (daysBetween('1970-01-01' as ServiceDate, date) * 889) % minutesOfDay;

const daySeconds = 86_400;

/**
 * The dates on sale whose turn came after `since` and up to now (each has one turn a day), and those in `owed`. A
 * `since` that is more than a day ago, unknown or in the future means all of them.
 */
export const datesToSweep = (
  sales: Sales,
  today: ServiceDate,
  { since, now, owed = [] }: { since: Instant | undefined; now: Instant; owed?: readonly ServiceDate[] },
): ServiceDate[] => {
  const aDayAgo = plusSeconds(now, -daySeconds);
  const from = minutesUntil(since !== undefined && since > aDayAgo && since <= now ? since : aDayAgo);
  const minute = minutesUntil(now);
  // Yesterday's last runs may still be on their way.
  const first = plusDays(today, -1);
  return Array.from({ length: Math.max(0, daysBetween(first, lastServiceDateSold(sales)) + 1) }, (_, index) =>
    plusDays(first, index),
  ).filter((date) => {
    const lastTurn = minute - ((minute - minuteOf(date)) % minutesOfDay);
    return lastTurn > from || owed.includes(date);
  });
};

const minutesUntil = (instant: Instant): number => Math.floor(millisecondsOf(instant) / 60_000);

import type { CommittedOrder } from '../orders/model.ts';
import type { Instant } from '../platform/time.ts';
import type { Run } from '../timetable/model.ts';
import { findStretch } from '../timetable/rules.ts';

/**
 * Why money for an order cannot pay for tickets. `run-closed`: the carrier has closed the run, or it calls no more where the
 * order's passengers board or alight. `run-gone`: the newest timetable lacks the run, or one of the order's
 * stops on it.
 */
export type NoTravel = 'run-closed' | 'run-gone' | 'departed';

/**
 * Whether the run has left the stop where the order's passengers board; when it left its first stop does not matter.
 */
export const hasDeparted = ({ departsAt }: Pick<CommittedOrder, 'departsAt'>, now: Instant): boolean =>
  departsAt <= now;

type Journey = Pick<CommittedOrder, 'departsAt' | 'from' | 'to'>;

/** Whether the run calls no more where passengers board or alight. */
export const isStopCancelled = (
  { from, to }: Pick<Journey, 'from' | 'to'>,
  { cancelledStops = [] }: Pick<Run, 'cancelledStops'>,
): boolean => cancelledStops.some((stopId) => stopId === from.stopId || stopId === to.stopId);

/**
 * `run` is the sold run, and `newest` the run of the newest version of the timetable; both are the same if that is not
 * newer.
 */
export type RunToday = { run: Run | undefined; newest: Run | undefined };

/**
 * What keeps a late payment from its order; undefined if nothing does. A closed run counts before one that has left,
 * because it is the reason why nobody travelled.
 */
export const noTravelOf = (order: Journey, { run, newest }: RunToday, now: Instant): NoTravel | undefined => {
  if (run?.state !== 'open' || isStopCancelled(order, run)) return 'run-closed';
  if (hasDeparted(order, now)) return 'departed';
  return newest === run ? undefined : noTravelByNewest(order, newest, now);
};

const noTravelByNewest = (
  { from, to }: Journey,
  newest: Run | undefined,
  now: Instant,
): 'run-gone' | 'departed' | undefined => {
  const found = newest && findStretch(newest, from.stopId, to.stopId);
  if (found?.outcome !== 'accepted') return 'run-gone';
  const boarding = newest?.stops[found.stretch.from];
  return boarding && boarding.departs <= now ? 'departed' : undefined;
};

/**
 * What keeps a paid order from its tickets. A newest timetable that lacks its run does not: the passenger keeps the
 * order until a person decides, by closing the run, that it does not run.
 */
export const noTicketsFor = (
  order: Journey,
  today: RunToday,
  now: Instant,
): Exclude<NoTravel, 'run-gone'> | undefined => {
  const noTravel = noTravelOf(order, today, now);
  return noTravel === 'run-gone' ? undefined : noTravel;
};

import type { StandingOrder } from '../orders/model.ts';
import type { Instant } from '../platform/time.ts';
import type { Run } from '../timetable/model.ts';
import { findStretch } from '../timetable/rules.ts';

/**
 * Why money that came for an order cannot become tickets. `run-gone`: the newest timetable does not have the run, or
 * not between the order's stops.
 */
export type NoTravel = 'run-closed' | 'run-gone' | 'departed';

/** Whether the run has left the stop where the order's passengers board, whenever it left its first. */
export const hasDeparted = ({ departsAt }: Pick<StandingOrder, 'departsAt'>, now: Instant): boolean =>
  departsAt <= now;

type Journey = Pick<StandingOrder, 'departsAt' | 'from' | 'to'>;

/** `run` as it was sold, and as the newest version of the timetable has it, the same where that is not newer. */
export type RunToday = { run: Run | undefined; newest: Run | undefined };

/**
 * What keeps a late payment from its order; undefined when nothing does. A run that was closed is told before one that
 * has left: it is why nobody travelled.
 */
export const noTravelOf = (order: Journey, { run, newest }: RunToday, now: Instant): NoTravel | undefined => {
  if (run?.state !== 'open') return 'run-closed';
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
 * What keeps a paid order from its tickets. Not that the newest timetable does not have its run: who has bought it keeps
 * it until a person decides, by closing the run, that it does not run.
 */
export const noTicketsFor = (
  order: Journey,
  today: RunToday,
  now: Instant,
): Exclude<NoTravel, 'run-gone'> | undefined => {
  const noTravel = noTravelOf(order, today, now);
  return noTravel === 'run-gone' ? undefined : noTravel;
};

import type { StandingOrder } from '../orders/model.ts';
import type { Instant } from '../platform/time.ts';
import type { Run } from '../timetable/model.ts';

/** Why money that came for an order cannot become tickets. */
export type NoTravel = 'run-closed' | 'departed';

/** Whether the run has left the stop where the order's passengers board, whenever it left its first. */
export const hasDeparted = ({ departsAt }: Pick<StandingOrder, 'departsAt'>, now: Instant): boolean =>
  departsAt <= now;

/**
 * What keeps a paid order from its tickets, or a late payment from its order; undefined when nothing does. A run that
 * was closed is told before one that has left: it is why nobody travelled.
 */
export const noTravelOf = (
  order: Pick<StandingOrder, 'departsAt'>,
  run: Pick<Run, 'state'> | undefined,
  now: Instant,
): NoTravel | undefined => {
  if (run?.state !== 'open') return 'run-closed';
  return hasDeparted(order, now) ? 'departed' : undefined;
};

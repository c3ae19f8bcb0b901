import { loggable, logger } from '../platform/log.ts';
import type { Run } from '../timetable/model.ts';
import { claimCount } from './availability-store.ts';
import { countAvailability, type CountDependencies } from './count-availability.ts';
import type { Availability } from './model.ts';
import { needsCount, viewTrustSeconds } from './rules.ts';

/**
 * Counts a frozen run anew if its view is too old to justify a refusal. Of all requests that ask, one does so every few
 * seconds, so that a crowd before a sold-out run costs no more than a single buyer; the others use the existing view.
 * If the count fails, all use the existing view, and a later request tries again.
 */
export const renewView =
  (dependencies: CountDependencies) =>
  async (run: Run, view: Availability | undefined): Promise<Availability | undefined> => {
    const { availability, clock } = dependencies;
    if (!needsCount(view, clock())) return view;
    try {
      const claim = { now: clock(), secondsMax: viewTrustSeconds };
      if ((await claimCount(availability, run.runId, claim)).outcome === 'rejected') return view;
      return await countAvailability(dependencies)(run);
    } catch (error) {
      logger.warn('a view could not be counted anew', { runId: run.runId, thrown: loggable(error) });
      return view;
    }
  };

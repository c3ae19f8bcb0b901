import { announce } from '../../shared/disruption/announce.ts';
import { readJob } from '../../shared/disruption/jobs-store.ts';
import type { Disruption, Job } from '../../shared/disruption/model.ts';
import { workJob } from '../../shared/disruption/work-job.ts';
import type { DisruptionRules } from '../../shared/platform/after-sale/disruption-rules.ts';
import type { JobId } from '../../shared/platform/ids.ts';
import { newUlid } from '../../shared/platform/random.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { refundWorld } from './refund-world.ts';

const disruption: DisruptionRules = { window: 'P3D', delayAtLeast: 'PT1H' };

export const cancelled: Disruption = { reason: 'run-cancelled' };
export const delayedBy = (minutes: number): Disruption => ({ reason: 'delayed', minutes });

export type DisruptionWorld = Awaited<ReturnType<typeof disruptionWorld>>;

/** A refund world whose carrier announces disruptions. */
export const disruptionWorld = async () => {
  const world = await refundWorld(undefined, { disruption });
  const { dependencies, bookings, time } = world;
  const job = async (jobId: JobId): Promise<Job> => {
    const found = await readJob(bookings, jobId);
    if (!found) throw new Error(`there is no job ${jobId}`);
    return found;
  };
  return {
    ...world,
    job,
    announce: ({ runId }: Run, disruption: Disruption = cancelled) =>
      announce(dependencies)({ runId, disruption, by: 'operator-1' }),
    /** An announcement that makes a job. Throws if it makes none. */
    announced: async ({ runId }: Run, disruption: Disruption = cancelled): Promise<JobId> => {
      const outcome = await announce(dependencies)({ runId, disruption, by: 'operator-1' });
      if (outcome.outcome === 'rejected') throw new Error(`not announced: ${outcome.reason}`);
      return outcome.job.jobId;
    },
    /** One worker's turn, with all the time that it needs. */
    work: (jobId: JobId, instead: Partial<typeof dependencies> = {}, hasTime = () => true) =>
      workJob({ ...dependencies, ...instead })(jobId, { holder: newUlid(time.now), hasTime }),
  };
};

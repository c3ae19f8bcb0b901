import type { Carrier } from '../platform/carrier.ts';
import type { Table } from '../platform/dynamo.ts';
import type { RunId } from '../platform/ids.ts';
import { accepted, type Outcome } from '../platform/outcome.ts';
import { newUlid } from '../platform/random.ts';
import type { Clock } from '../platform/time.ts';
import { putDelay } from '../runs/delay-store.ts';
import { readRun } from '../timetable/store.ts';
import { decideAnnouncement } from './decide-announcement.ts';
import { putJob, readJob } from './jobs-store.ts';
import type { Disruption, Job } from './model.ts';
import type { AnnouncementRefusal } from './refusals.ts';
import { jobIdOf } from './rules.ts';

type Dependencies = { bookings: Table; timetable: Table; clock: Clock; carrier: Carrier };

/**
 * Announces that the carrier does not carry as it sold: one write makes the job, and everything else is the job's. Whoever
 * announces the same again gets the same job.
 */
export const announce =
  ({ bookings, timetable, clock, carrier }: Dependencies) =>
  async ({
    runId,
    disruption,
    by,
  }: {
    runId: RunId;
    disruption: Disruption;
    by: string;
  }): Promise<Outcome<{ job: Job; isNew: boolean }, AnnouncementRefusal>> => {
    const earlier = await readJob(bookings, jobIdOf(runId, disruption));
    if (earlier) return accepted({ job: earlier, isNew: false });
    const run = await readRun(timetable, runId);
    const now = clock();
    const decided = decideAnnouncement(run, { runId, disruption, by, mark: newUlid(now) }, carrier, now);
    if (decided.outcome === 'rejected') return decided;
    // Before the job, since the same announcement again ends at the job: gates must not close on passengers of a late run.
    if (disruption.reason === 'delayed') await putDelay(bookings, runId, disruption.minutes);
    return accepted(await putJob(bookings, decided.job));
  };

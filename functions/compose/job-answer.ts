import { announce } from '../../shared/disruption/announce.ts';
import type { Disruption, Job } from '../../shared/disruption/model.ts';
import { carrier } from '../../shared/platform/carrier-of-deployment.ts';
import { bookingsTable, timetableTable } from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import type { RunId } from '../../shared/platform/ids.ts';
import { answered, refused } from '../middleware/api-handler.ts';

const clock = systemClock();

/** A job as operators see it. */
export const jobAnswerOf = (job: Job) => {
  const { jobId, runId, disruption, state, createdAt, until, doneAt, look, shards, shardsDone, unsettled } =
    job;
  return {
    jobId,
    runId,
    reason: disruption.reason,
    ...('stopId' in disruption && { stopId: disruption.stopId }),
    ...('minutes' in disruption && { delayMinutes: disruption.minutes }),
    state,
    createdAt,
    until,
    progress: { ...job.progress, look, shards, shardsDone, unsettled },
    ...(doneAt && { doneAt }),
  };
};

/** Announces a disruption and answers with its job, whether or not it is a new one. */
export const answerAnnouncement = async (runId: RunId, disruption: Disruption, by: string) => {
  const announced = await announce({
    bookings: bookingsTable(),
    timetable: timetableTable(),
    clock,
    carrier: carrier(),
  })({ runId, disruption, by });
  return announced.outcome === 'rejected'
    ? refused(announced.reason)
    : answered(jobAnswerOf(announced.job), 201);
};

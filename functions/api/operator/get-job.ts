import { readJob } from '../../../shared/disruption/jobs-store.ts';
import { bookingsTable } from '../../../shared/platform/clients.ts';
import { answered, apiHandler, refused } from '../../middleware/api-handler.ts';
import { operatorRoutes } from '../../routes/operator.ts';
import { jobAnswerOf } from '../../compose/job-answer.ts';

export const handler = apiHandler(operatorRoutes.getJob, async ({ path: { jobId } }) => {
  const job = await readJob(bookingsTable(), jobId);
  return job ? answered(jobAnswerOf(job)) : refused('not-found');
});

import { apiHandler } from '../../middleware/api-handler.ts';
import { operatorRoutes } from '../../routes/operator.ts';
import { answerAnnouncement } from '../../compose/job-answer.ts';

export const handler = apiHandler(operatorRoutes.cancelRun, ({ path: { runId }, caller }) =>
  answerAnnouncement(runId, { reason: 'run-cancelled' }, caller.userId),
);

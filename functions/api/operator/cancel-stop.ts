import { apiHandler } from '../../middleware/api-handler.ts';
import { operatorRoutes } from '../../routes/operator.ts';
import { answerAnnouncement } from '../../compose/job-answer.ts';

export const handler = apiHandler(operatorRoutes.cancelStop, ({ path: { runId }, body, caller }) =>
  answerAnnouncement(runId, { reason: 'stop-cancelled', stopId: body.stopId }, caller.userId),
);

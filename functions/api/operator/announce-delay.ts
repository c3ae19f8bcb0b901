import { apiHandler } from '../../middleware/api-handler.ts';
import { operatorRoutes } from '../../routes/operator.ts';
import { answerAnnouncement } from '../../compose/job-answer.ts';

export const handler = apiHandler(operatorRoutes.announceDelay, ({ path: { runId }, body, caller }) =>
  answerAnnouncement(runId, { reason: 'delayed', minutes: body.minutes }, caller.userId),
);

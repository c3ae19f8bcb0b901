import { publishedEventSchema } from '../../shared/platform/events.ts';
import { applyPaymentTask } from '../../shared/selling/event-tasks.ts';
import { queueHandler } from '../middleware/queue-handler.ts';
import { purchaseDependencies } from '../compose/purchase-dependencies.ts';

export const handler = queueHandler(publishedEventSchema, async (event, { timeLeft, signal }) =>
  applyPaymentTask(await purchaseDependencies(timeLeft, signal))(event),
);

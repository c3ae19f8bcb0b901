import { bookingsTable } from '../../shared/platform/clients.ts';
import { publishedEventSchema } from '../../shared/platform/events.ts';
import { startPurchaseTask } from '../../shared/selling/event-tasks.ts';
import { purchaseWorkflow } from '../../shared/selling/run-workflow.ts';
import { queueHandler } from '../middleware/queue-handler.ts';

export const handler = queueHandler(publishedEventSchema, (event) =>
  startPurchaseTask({ bookings: bookingsTable(), workflow: purchaseWorkflow })(event),
);

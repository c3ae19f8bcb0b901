import { readOrder } from '../../shared/orders/store.ts';
import { bookingsTable } from '../../shared/platform/clients.ts';
import { publishedEventSchema } from '../../shared/platform/events.ts';
import { purchaseWorkflow } from '../../shared/selling/run-workflow.ts';
import { queueHandler } from '../middleware/queue-handler.ts';

/** Starts the workflow of an order that was held. An execution of that name that ran before is not started again. */
export const handler = queueHandler(publishedEventSchema, async ({ orderId }) => {
  const order = await readOrder(bookingsTable(), orderId, { consistent: true });
  if (order?.state === 'held') await purchaseWorkflow.start(orderId, order.execution);
});

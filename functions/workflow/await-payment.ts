import * as z from 'zod';
import { bookingsTable } from '../../shared/platform/clients.ts';
import { orderIdSchema } from '../../shared/platform/ids.ts';
import { awaitPayment } from '../../shared/purchase/await-payment.ts';
import { purchaseWorkflow } from '../../shared/purchase/run-workflow.ts';
import { taskHandler } from '../middleware/task-handler.ts';

const inputSchema = z.object({ orderId: orderIdSchema, taskToken: z.string().min(1) });

/** Leaves the workflow's token where the money will look for it. */
export const handler = taskHandler(inputSchema, async ({ orderId, taskToken }) => {
  await awaitPayment({ bookings: bookingsTable(), workflow: purchaseWorkflow })(orderId, taskToken);
});

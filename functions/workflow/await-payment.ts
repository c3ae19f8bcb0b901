import * as z from 'zod';
import { bookingsTable } from '../../shared/platform/clients.ts';
import { orderIdSchema } from '../../shared/platform/ids.ts';
import { purchaseWorkflow } from '../../shared/selling/run-workflow.ts';
import { awaitPaymentTask } from '../../shared/selling/workflow-tasks.ts';
import { taskHandler } from '../middleware/task-handler.ts';

const inputSchema = z.object({ orderId: orderIdSchema, taskToken: z.string().min(1) });

export const handler = taskHandler(inputSchema, (input) =>
  awaitPaymentTask({ bookings: bookingsTable(), workflow: purchaseWorkflow })(input),
);

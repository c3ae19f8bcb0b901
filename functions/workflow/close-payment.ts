import * as z from 'zod';
import { orderIdSchema } from '../../shared/platform/ids.ts';
import { closePaymentTask } from '../../shared/selling/workflow-tasks.ts';
import { taskHandler } from '../middleware/task-handler.ts';
import { purchaseDependencies } from '../compose/purchase-dependencies.ts';

export const handler = taskHandler(z.object({ orderId: orderIdSchema }), async (input, timeLeft) =>
  closePaymentTask(await purchaseDependencies(timeLeft))(input),
);

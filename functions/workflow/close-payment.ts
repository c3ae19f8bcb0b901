import { workflowShapes } from '../../shared/selling/workflow-shapes.ts';
import { closePaymentTask } from '../../shared/selling/workflow-tasks.ts';
import { taskHandler } from '../middleware/task-handler.ts';
import { purchaseDependencies } from '../compose/purchase-dependencies.ts';

export const handler = taskHandler(workflowShapes.ClosePayment.input, async (input, timeLeft) =>
  closePaymentTask(await purchaseDependencies(timeLeft))(input),
);

import { bookingsTable } from '../../shared/platform/clients.ts';
import { purchaseWorkflow } from '../../shared/selling/run-workflow.ts';
import { workflowShapes } from '../../shared/selling/workflow-shapes.ts';
import { awaitPaymentTask } from '../../shared/selling/workflow-tasks.ts';
import { taskHandler } from '../middleware/task-handler.ts';

export const handler = taskHandler(workflowShapes.AwaitPayment.input, (input) =>
  awaitPaymentTask({ bookings: bookingsTable(), workflow: purchaseWorkflow })(input),
);

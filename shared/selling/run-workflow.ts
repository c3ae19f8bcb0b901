import { failTask, startExecution, succeedTask } from '../platform/step-functions.ts';
import type { PurchaseWorkflow } from '../paying/workflow.ts';

/** The workflow `purchase` in Step Functions. The names of its executions are `<orderId>-<n>`. */
export const purchaseWorkflow: PurchaseWorkflow = {
  start: (orderId, execution) => startExecution(`${orderId}-${execution}`, { orderId, execution }),
  wakePaid: (taskToken) => succeedTask(taskToken, {}),
  wakeCancelled: (taskToken) => failTask(taskToken, 'OrderCancelled'),
};

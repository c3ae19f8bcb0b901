import type * as z from 'zod';
import type { PurchaseWorkflow } from '../paying/workflow.ts';
import { failTask, startExecution, succeedTask } from '../platform/step-functions.ts';
import type { purchaseInputSchema } from './workflow-shapes.ts';

type PurchaseInput = z.output<typeof purchaseInputSchema>;

/** The workflow `purchase` in Step Functions. The names of its executions are `<orderId>-<n>`. */
export const purchaseWorkflow: PurchaseWorkflow = {
  start: (orderId, execution) => {
    const input: PurchaseInput = { orderId, execution };
    return startExecution(`${orderId}-${execution}`, input);
  },
  wakePaid: (taskToken) => succeedTask(taskToken, {}),
  wakeCancelled: (taskToken) => failTask(taskToken, 'OrderCancelled'),
};

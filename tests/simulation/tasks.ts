import { asMachineError } from '../../functions/middleware/transient.ts';
import {
  awaitPaymentTask,
  closePaymentTask,
  issueTask,
  refundTask,
  releaseTask,
  reserveTask,
} from '../../shared/selling/workflow-tasks.ts';
import type { Actor } from './scheduler.ts';
import type { TaskWork } from './state-machine.ts';
import type { Dependencies } from './dependencies.ts';

/** By the names that the template gives their functions. */
const bodies = {
  Reserve: reserveTask,
  AwaitPayment: awaitPaymentTask,
  Issue: issueTask,
  Refund: refundTask,
  ClosePayment: closePaymentTask,
  Release: releaseTask,
};

/** What `functions/workflow/` runs, with the errors that its frame tells the machine. */
export const workflowTasks = (
  dependenciesOf: (actor: Actor) => Dependencies,
): Readonly<Record<string, TaskWork>> =>
  Object.fromEntries(
    Object.entries(bodies).map(([name, body]): [string, TaskWork] => [
      name,
      async (actor, { orderId, taskToken = '' }) => {
        try {
          return await body(dependenciesOf(actor))({ orderId, taskToken });
        } catch (error) {
          throw asMachineError(error);
        }
      },
    ]),
  );

import { asMachineError } from '../../functions/middleware/transient.ts';
import { workflowTasks } from '../../shared/selling/workflow-tasks.ts';
import type { Actor } from './scheduler.ts';
import type { TaskWork } from './state-machine.ts';
import type { Dependencies } from './dependencies.ts';

/** What `functions/workflow/` runs, by the names of the states, with the errors that its frame hands to the machine. */
export const simulatedTasks = (
  dependenciesOf: (actor: Actor) => Dependencies,
): Readonly<Record<string, TaskWork>> =>
  Object.fromEntries(
    Object.entries(workflowTasks).map(([name, body]): [string, TaskWork] => [
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

import type { OrderId } from '../platform/ids.ts';
import type { Outcome } from '../platform/outcome.ts';
import type { WorkflowRefusal } from './rules.ts';

/**
 * The port to the workflow `purchase`. Waking it is a courtesy: if it does not exist, or no longer waits, that is no
 * error, because the clean-up can do every step too.
 */
export type PurchaseWorkflow = {
  start(orderId: OrderId, execution: number): Promise<Outcome<object, WorkflowRefusal>>;
  wakePaid(taskToken: string): Promise<void>;
  wakeCancelled(taskToken: string): Promise<void>;
};

/** The error names by which the state machine distinguishes the ends of a task (infra/constructs, `Catch`). */
export type TaskErrorName =
  | 'OrderEnded'
  | 'AlreadyPaid'
  | 'OrderDue'
  | 'OrderCancelled'
  | 'CannotIssue'
  | 'PaymentsUnfinished'
  | 'TransientFailure';

/** An error for the state machine: `Catch` and `Retry` match its name. */
export const taskError = (name: TaskErrorName, message: string): Error =>
  Object.assign(new Error(message), { name });

import type { OrderId } from '../platform/ids.ts';

/**
 * The port to the workflow `purchase`. Waking is a courtesy: a workflow that is not there, or waits no more, is no
 * error, since every step can be done by the clean-up as well.
 */
export type PurchaseWorkflow = {
  start(orderId: OrderId, execution: number): Promise<'started' | 'exists'>;
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

/** An error for the state machine: its name is what `Catch` and `Retry` go by. */
export const taskError = (name: TaskErrorName, message: string): Error =>
  Object.assign(new Error(message), { name });

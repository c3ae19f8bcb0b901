import type * as z from 'zod';
import { reservationOf } from '../orders/rules.ts';
import { readOrder } from '../orders/store.ts';
import type { Table } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import { accepted, never, type Outcome } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import type { SigningKey } from '../tickets/code-keys.ts';
import { awaitPayment } from './await-payment.ts';
import { decideRelease } from './decide-end.ts';
import { closeForEnd, releaseForEnd, type EndDependencies } from './end-order.ts';
import { issuePaidOrder, refundIfNoTravel } from './issue-order.ts';
import { taskError, type PurchaseWorkflow } from '../paying/workflow.ts';
import type { workflowShapes } from './workflow-shapes.ts';

/*
 * The tasks of the workflow `purchase`: each is one use case, whose result reaches the state machine as an output or as
 * a named error that the machine catches. `functions/workflow/` has a function for each.
 */

type Input = z.output<typeof workflowShapes.Release.input>;
type IssueDependencies = {
  bookings: Table;
  inventory: Table;
  timetable: Table;
  clock: Clock;
  signingKey: () => Promise<SigningKey>;
};

/** Each task reads the order once and passes it on. */
const read = ({ bookings }: { bookings: Table }, orderId: OrderId) =>
  readOrder(bookings, orderId, { consistent: true });

/**
 * Checks that the order still holds its seats and returns the seconds that the hold has left; anything else is a named
 * error.
 */
export const reserveTask =
  ({ bookings, clock }: { bookings: Table; clock: Clock }) =>
  async ({ orderId }: Input): Promise<z.output<typeof workflowShapes.Reserve.output>> => {
    const order = await read({ bookings }, orderId);
    const found = reservationOf(order, clock());
    switch (found.outcome) {
      case 'held':
        return { orderId, secondsLeft: found.secondsLeft };
      case 'due':
        throw taskError('OrderDue', 'the hold is over');
      case 'paid':
        throw taskError('AlreadyPaid', 'the order is paid');
      case 'ended':
        throw taskError('OrderEnded', 'nothing is left to do for the order');
      default:
        return never(found);
    }
  };

/** Stores the workflow's token where the code that brings the money looks for it. */
export const awaitPaymentTask =
  (dependencies: { bookings: Table; workflow: PurchaseWorkflow }) =>
  ({ orderId, taskToken }: z.output<typeof workflowShapes.AwaitPayment.input>): Promise<void> =>
    awaitPayment(dependencies)(orderId, taskToken);

/** Issues a paid order; `CannotIssue` if something rules out travel. */
export const issueTask =
  (dependencies: IssueDependencies) =>
  async ({ orderId }: Input) => {
    const issued = await issuePaidOrder(dependencies)(await read(dependencies, orderId));
    if (issued.outcome === 'rejected' && issued.reason === 'no-travel')
      throw taskError('CannotIssue', 'the run is closed or has left');
    return { orderId, issued };
  };

/**
 * A paid order that cannot be issued: its money goes back, and the clean-up releases its seats. If it can be issued
 * after all, that is also left to the clean-up.
 */
export const refundTask =
  (dependencies: Omit<IssueDependencies, 'signingKey' | 'inventory'>) =>
  async ({ orderId }: Input) => ({
    orderId,
    refunded: await refundIfNoTravel(dependencies)(await read(dependencies, orderId)),
  });

/** Closes the order and every payment of it, and only then gives up the seats. */
export const closePaymentTask =
  (dependencies: EndDependencies) =>
  async ({ orderId }: Input): Promise<Input> => {
    const order = await read(dependencies, orderId);
    const reason = order && 'endReason' in order ? order.endReason : 'expired';
    const closed = await closeForEnd(dependencies)(order, reason);
    if (closed.outcome === 'accepted') {
      if (closed.now === 'releasing') return { orderId };
      throw taskError('OrderEnded', 'nothing is left to do for the order');
    }
    switch (closed.reason) {
      case 'already-paid':
        throw taskError('AlreadyPaid', 'the order was paid after all');
      case 'payments-unfinished':
      case 'not-due':
        throw taskError('PaymentsUnfinished', 'a payment cannot be closed yet');
      default:
        return never(closed.reason);
    }
  };

/** Releases the seats and ends the order. */
export const releaseTask =
  (dependencies: Pick<EndDependencies, 'bookings' | 'inventory' | 'timetable' | 'clock'>) =>
  async ({ orderId }: Input): Promise<Input & { released: Outcome<object, 'not-releasing'> }> => {
    const decided = decideRelease(await read(dependencies, orderId));
    if (decided.outcome === 'rejected') return { orderId, released: decided };
    await releaseForEnd(dependencies)(decided.order);
    return { orderId, released: accepted({}) };
  };

/** All of them, by the names of the machine's states. */
export const workflowTasks = {
  Reserve: reserveTask,
  AwaitPayment: awaitPaymentTask,
  Issue: issueTask,
  Refund: refundTask,
  ClosePayment: closePaymentTask,
  Release: releaseTask,
};

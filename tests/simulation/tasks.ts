import { isTransient } from '../../functions/middleware/transient.ts';
import { reservationOf } from '../../shared/orders/rules.ts';
import { readOrder } from '../../shared/orders/store.ts';
import { awaitPayment } from '../../shared/purchase/await-payment.ts';
import { closeForEnd, releaseForEnd } from '../../shared/purchase/end-order.ts';
import { issuePaidOrder, refundIfNoTravel } from '../../shared/purchase/issue-order.ts';
import { taskError } from '../../shared/purchase/workflow.ts';
import type { Actor } from './scheduler.ts';
import type { TaskWork } from './state-machine.ts';
import type { Dependencies } from './dependencies.ts';

/** What functions/workflow/* do beside reading their environment: the same use cases, the same named errors. */
export const workflowTasks = (
  dependenciesOf: (actor: Actor) => Dependencies,
): Readonly<Record<string, TaskWork>> => {
  const tasks: Record<string, TaskWork> = {
    Reserve: async (actor, { orderId }) => {
      const { bookings, clock } = dependenciesOf(actor);
      const found = reservationOf(await readOrder(bookings, orderId, { consistent: true }), clock());
      if (found.outcome === 'held') return { secondsLeft: found.secondsLeft };
      const names = { due: 'OrderDue', paid: 'AlreadyPaid', ended: 'OrderEnded' } as const;
      throw taskError(names[found.outcome], found.outcome);
    },
    AwaitPayment: (actor, { orderId, taskToken = '' }) =>
      awaitPayment(dependenciesOf(actor))(orderId, taskToken),
    Issue: async (actor, { orderId }) => {
      const issued = await issuePaidOrder(dependenciesOf(actor))(orderId);
      if (issued === 'cannot') throw taskError('CannotIssue', 'the run is closed or has left');
    },
    Refund: async (actor, { orderId }) => {
      await refundIfNoTravel(dependenciesOf(actor))(orderId);
    },
    ClosePayment: async (actor, { orderId }) => {
      const dependencies = dependenciesOf(actor);
      const order = await readOrder(dependencies.bookings, orderId, { consistent: true });
      const reason = order && 'endReason' in order ? order.endReason : 'expired';
      const closed = await closeForEnd(dependencies)(orderId, reason);
      if (closed === 'paid') throw taskError('AlreadyPaid', closed);
      if (closed === 'ended') throw taskError('OrderEnded', closed);
      if (closed !== 'releasing') throw taskError('PaymentsUnfinished', closed);
    },
    Release: async (actor, { orderId }) => {
      await releaseForEnd(dependenciesOf(actor))(orderId);
    },
  };
  return Object.fromEntries(Object.entries(tasks).map(([name, work]) => [name, withTransientErrors(work)]));
};

/** As functions/middleware/task-handler.ts does. */
const withTransientErrors =
  (work: TaskWork): TaskWork =>
  async (actor, input) => {
    try {
      return await work(actor, input);
    } catch (error) {
      if (!isTransient(error)) throw error;
      throw taskError('TransientFailure', String(error));
    }
  };

import { applyPayment } from '../paying/apply-payment.ts';
import { submitRefund } from '../paying/submit-refund.ts';
import { readOrder } from '../orders/store.ts';
import type { Table } from '../platform/dynamo.ts';
import type { PublishedEvent } from '../platform/events.ts';
import { paymentIdSchema } from '../platform/ids.ts';
import type { PurchaseWorkflow } from '../paying/workflow.ts';

/*
 * The work of the functions behind queues: one use case per event. `functions/subscriptions.ts` maps events to them;
 * `functions/events/` has a function for each. Mails are in tell-passenger.ts, so that no other function carries the
 * code that draws a ticket.
 */

/** Starts the workflow of a held order. If an execution with that name has already ended, it does not start again. */
export const startPurchaseTask =
  ({ bookings, workflow }: { bookings: Table; workflow: PurchaseWorkflow }) =>
  async ({ orderId }: PublishedEvent): Promise<void> => {
    const order = await readOrder(bookings, orderId, { consistent: true });
    if (order?.state === 'held') await workflow.start(orderId, order.execution);
  };

/** Applies captured money. If the money must wait for a release of seats, the clean-up applies it. */
export const applyPaymentTask =
  (dependencies: Parameters<typeof applyPayment>[0]) =>
  async ({ subject }: PublishedEvent): Promise<void> => {
    await applyPayment(dependencies)(paymentIdSchema.parse(subject));
  };

/** Sends a refund to its provider. If the provider does not confirm it at once, the clean-up asks again. */
export const submitRefundTask =
  (dependencies: Parameters<typeof submitRefund>[0]) =>
  async ({ orderId, subject }: PublishedEvent): Promise<void> => {
    if (subject === undefined) throw new TypeError(`an event of ${orderId} names no refund`);
    await submitRefund(dependencies)(orderId, subject);
  };

/** All of them, by the names of their functions. */
export const eventTasks = {
  'start-purchase': startPurchaseTask,
  'apply-payment': applyPaymentTask,
  'submit-refund': submitRefundTask,
};

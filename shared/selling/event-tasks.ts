import { applyPayment } from '../paying/apply-payment.ts';
import { submitRefund } from '../paying/submit-refund.ts';
import { readOrder } from '../orders/store.ts';
import type { Table } from '../platform/dynamo.ts';
import type { PublishedEvent } from '../platform/events.ts';
import { paymentIdSchema } from '../platform/ids.ts';
import type { PurchaseWorkflow } from '../paying/workflow.ts';

/*
 * What the functions behind queues do with an event: one use case each. `functions/subscriptions.ts` says which events
 * reach which of them; `functions/events/` has a function for each. Mails are in tell-passenger.ts, so that no other
 * function carries what draws a ticket.
 */

/** Starts the workflow of an order that is held. An execution of that name that ran before does not start again. */
export const startPurchaseTask =
  ({ bookings, workflow }: { bookings: Table; workflow: PurchaseWorkflow }) =>
  async ({ orderId }: PublishedEvent): Promise<void> => {
    const order = await readOrder(bookings, orderId, { consistent: true });
    if (order?.state === 'held') await workflow.start(orderId, order.execution);
  };

/** Puts captured money to its use. Money that must wait for a release is found by the clean-up. */
export const applyPaymentTask =
  (dependencies: Parameters<typeof applyPayment>[0]) =>
  async ({ subject }: PublishedEvent): Promise<void> => {
    await applyPayment(dependencies)(paymentIdSchema.parse(subject));
  };

/** Sends a refund to its provider. The clean-up asks about a refund that is not confirmed at once. */
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

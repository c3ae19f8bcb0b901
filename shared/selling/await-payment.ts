import { storeTaskToken } from '../orders/marks-store.ts';
import type { Table } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import type { PurchaseWorkflow } from '../paying/workflow.ts';

/**
 * The workflow begins to wait: this stores its token on the held order, for the code that brings the money. If the
 * order has already left `held`, it ends the wait at once.
 */
export const awaitPayment =
  ({ bookings, workflow }: { bookings: Table; workflow: PurchaseWorkflow }) =>
  async (orderId: OrderId, taskToken: string): Promise<void> => {
    const kept = await storeTaskToken(bookings, orderId, taskToken);
    if (kept.outcome === 'accepted' || !kept.order) return;
    const { state } = kept.order;
    if (state === 'paid' || state === 'issued') await workflow.wakePaid(taskToken);
    else await workflow.wakeCancelled(taskToken);
  };

import type { OrderState } from '../orders/model.ts';
import { callAttention, raiseExecution } from '../orders/marks-store.ts';
import { readOrder } from '../orders/store.ts';
import type { Table } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import type { Clock } from '../platform/time.ts';
import type { PurchaseWorkflow } from '../paying/workflow.ts';

/** States in which a workflow still has something to do for an order. */
const unfinished: ReadonlySet<OrderState> = new Set(['held', 'closing', 'releasing', 'paid']);

/** An order whose workflow died this often has something wrong with it: a person looks, and the clean-up goes on. */
const executionsMax = 5;

/**
 * Starts the workflow of an order again after its execution died. Step Functions refuses the name of an ended
 * execution, so the next one has the next number, which one restarter alone can take.
 */
export const restartPurchase =
  ({ bookings, workflow, clock }: { bookings: Table; workflow: PurchaseWorkflow; clock: Clock }) =>
  async (orderId: OrderId, ended: number): Promise<'restarted' | 'not-needed' | 'given-up'> => {
    const order = await readOrder(bookings, orderId, { consistent: true });
    if (!order || order.state === 'void' || !unfinished.has(order.state)) return 'not-needed';
    if (order.execution > ended + 1) return 'not-needed';
    if (ended >= executionsMax) {
      await callAttention(bookings, order, `its workflow died ${ended} times`, clock());
      return 'given-up';
    }
    // Raised before, and died before starting: the number stands, so it is started under it now.
    if (order.execution === ended) await raiseExecution(bookings, orderId, ended);
    await workflow.start(orderId, ended + 1);
    return 'restarted';
  };

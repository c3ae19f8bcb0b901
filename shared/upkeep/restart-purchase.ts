import { flagOrder, raiseExecution } from '../orders/marks-store.ts';
import { readOrder } from '../orders/store.ts';
import type { Table } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import type { PurchaseWorkflow } from '../paying/workflow.ts';
import { decideRestart, type RestartRefusal } from './rules.ts';

/**
 * Starts the workflow of an order again after its execution died. Step Functions refuses the name of an ended
 * execution, so the next one has the next number, which only one restarter can take.
 */
export const restartPurchase =
  ({ bookings, workflow, clock }: { bookings: Table; workflow: PurchaseWorkflow; clock: Clock }) =>
  async (orderId: OrderId, ended: number): Promise<Outcome<object, RestartRefusal>> => {
    const order = await readOrder(bookings, orderId, { consistent: true });
    const decided = decideRestart(order, { ended });
    if (decided.outcome === 'rejected') return decided;
    if (decided.now === 'to-be-shown') {
      await flagOrder(bookings, decided.order, `its workflow died ${ended} times`, clock());
      return rejected('died-too-often');
    }
    if (!decided.isRaised) await raiseExecution(bookings, orderId, ended);
    await workflow.start(orderId, decided.next);
    return accepted({});
  };

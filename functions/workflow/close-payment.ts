import * as z from 'zod';
import { readOrder } from '../../shared/orders/store.ts';
import { bookingsTable } from '../../shared/platform/clients.ts';
import { orderIdSchema } from '../../shared/platform/ids.ts';
import { never } from '../../shared/platform/outcome.ts';
import { closeForEnd } from '../../shared/purchase/end-order.ts';
import { taskError } from '../../shared/purchase/workflow.ts';
import { taskHandler } from '../middleware/task-handler.ts';
import { purchaseDependencies } from '../compose/purchase-dependencies.ts';

/** Closes the order and every payment of it; only then are the seats given up. */
export const handler = taskHandler(z.object({ orderId: orderIdSchema }), async ({ orderId }, timeLeft) => {
  const order = await readOrder(bookingsTable(), orderId, { consistent: true });
  const reason = order && 'endReason' in order ? order.endReason : 'expired';
  const closed = await closeForEnd(await purchaseDependencies(timeLeft))(orderId, reason);
  switch (closed) {
    case 'releasing':
      return { orderId };
    case 'paid':
      throw taskError('AlreadyPaid', 'the order was paid after all');
    case 'ended':
      throw taskError('OrderEnded', 'nothing is left to do for the order');
    case 'unfinished':
    case 'not-due':
      throw taskError('PaymentsUnfinished', 'a payment cannot be closed yet');
    default:
      return never(closed);
  }
});

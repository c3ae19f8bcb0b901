import * as z from 'zod';
import { reservationOf } from '../../shared/orders/rules.ts';
import { readOrder } from '../../shared/orders/store.ts';
import { bookingsTable } from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { orderIdSchema } from '../../shared/platform/ids.ts';
import { never } from '../../shared/platform/outcome.ts';
import { taskError } from '../../shared/purchase/workflow.ts';
import { taskHandler } from '../middleware/task-handler.ts';

const clock = systemClock();

/** Finds the hold standing and answers how long it has left; anything else is a named error that the machine catches. */
export const handler = taskHandler(z.object({ orderId: orderIdSchema }), async ({ orderId }) => {
  const order = await readOrder(bookingsTable(), orderId, { consistent: true });
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
});

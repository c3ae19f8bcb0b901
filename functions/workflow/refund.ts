import * as z from 'zod';
import { bookingsTable, timetableTable } from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { orderIdSchema } from '../../shared/platform/ids.ts';
import { refundIfNoTravel } from '../../shared/purchase/issue-order.ts';
import { taskHandler } from '../middleware/task-handler.ts';

const clock = systemClock();

/**
 * A paid order that cannot be issued: the money goes back, and the clean-up releases its seats. One that can be issued
 * after all is left to the clean-up, too.
 */
export const handler = taskHandler(z.object({ orderId: orderIdSchema }), async ({ orderId }) => ({
  orderId,
  refunded: await refundIfNoTravel({
    bookings: bookingsTable(),
    timetable: timetableTable(),
    clock,
  })(orderId),
}));

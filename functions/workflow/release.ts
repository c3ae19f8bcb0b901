import * as z from 'zod';
import { bookingsTable, inventoryTable } from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { orderIdSchema } from '../../shared/platform/ids.ts';
import { releaseForEnd } from '../../shared/purchase/end-order.ts';
import { taskHandler } from '../middleware/task-handler.ts';

const clock = systemClock();

/** Gives the seats back and ends the order. */
export const handler = taskHandler(z.object({ orderId: orderIdSchema }), async ({ orderId }) => ({
  orderId,
  released: await releaseForEnd({ bookings: bookingsTable(), inventory: inventoryTable(), clock })(orderId),
}));

import * as z from 'zod';
import { bookingsTable, inventoryTable, timetableTable } from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { orderIdSchema } from '../../shared/platform/ids.ts';
import { releaseTask } from '../../shared/selling/workflow-tasks.ts';
import { taskHandler } from '../middleware/task-handler.ts';

const clock = systemClock();

export const handler = taskHandler(z.object({ orderId: orderIdSchema }), (input) =>
  releaseTask({ bookings: bookingsTable(), inventory: inventoryTable(), timetable: timetableTable(), clock })(
    input,
  ),
);

import * as z from 'zod';
import { bookingsTable, timetableTable } from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { orderIdSchema } from '../../shared/platform/ids.ts';
import { deploymentKey } from '../../shared/platform/secrets.ts';
import { issueTask } from '../../shared/selling/workflow-tasks.ts';
import { taskHandler } from '../middleware/task-handler.ts';

const clock = systemClock();

export const handler = taskHandler(z.object({ orderId: orderIdSchema }), (input) =>
  issueTask({
    bookings: bookingsTable(),
    timetable: timetableTable(),
    clock,
    signingKey: () => deploymentKey('sign-tickets'),
  })(input),
);

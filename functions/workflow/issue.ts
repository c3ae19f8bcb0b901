import * as z from 'zod';
import { bookingsTable, timetableTable } from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { orderIdSchema } from '../../shared/platform/ids.ts';
import { deploymentKey } from '../../shared/platform/secrets.ts';
import { issuePaidOrder } from '../../shared/purchase/issue-order.ts';
import { taskError } from '../../shared/purchase/workflow.ts';
import { taskHandler } from '../middleware/task-handler.ts';

const clock = systemClock();

export const handler = taskHandler(z.object({ orderId: orderIdSchema }), async ({ orderId }) => {
  const issued = await issuePaidOrder({
    bookings: bookingsTable(),
    timetable: timetableTable(),
    clock,
    signingKey: () => deploymentKey('sign-tickets'),
  })(orderId);
  if (issued === 'cannot') throw taskError('CannotIssue', 'the run is closed or has left');
  return { orderId, issued };
});

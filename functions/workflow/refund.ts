import { bookingsTable, timetableTable } from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { workflowShapes } from '../../shared/selling/workflow-shapes.ts';
import { refundTask } from '../../shared/selling/workflow-tasks.ts';
import { taskHandler } from '../middleware/task-handler.ts';

const clock = systemClock();

export const handler = taskHandler(workflowShapes.Refund.input, (input) =>
  refundTask({ bookings: bookingsTable(), timetable: timetableTable(), clock })(input),
);

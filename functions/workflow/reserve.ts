import { bookingsTable } from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { workflowShapes } from '../../shared/selling/workflow-shapes.ts';
import { reserveTask } from '../../shared/selling/workflow-tasks.ts';
import { taskHandler } from '../middleware/task-handler.ts';

const clock = systemClock();

export const handler = taskHandler(workflowShapes.Reserve.input, (input) =>
  reserveTask({ bookings: bookingsTable(), clock })(input),
);

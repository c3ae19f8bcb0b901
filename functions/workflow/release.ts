import { bookingsTable, inventoryTable, timetableTable } from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { workflowShapes } from '../../shared/selling/workflow-shapes.ts';
import { releaseTask } from '../../shared/selling/workflow-tasks.ts';
import { taskHandler } from '../middleware/task-handler.ts';

const clock = systemClock();

export const handler = taskHandler(workflowShapes.Release.input, (input) =>
  releaseTask({ bookings: bookingsTable(), inventory: inventoryTable(), timetable: timetableTable(), clock })(
    input,
  ),
);

import { bookingsTable, inventoryTable, timetableTable } from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { workflowShapes } from '../../shared/selling/workflow-shapes.ts';
import { issueTask } from '../../shared/selling/workflow-tasks.ts';
import { signingKey } from '../compose/ticket-keys.ts';
import { taskHandler } from '../middleware/task-handler.ts';

const clock = systemClock();

export const handler = taskHandler(workflowShapes.Issue.input, (input) =>
  issueTask({
    bookings: bookingsTable(),
    inventory: inventoryTable(),
    timetable: timetableTable(),
    clock,
    signingKey,
  })(input),
);

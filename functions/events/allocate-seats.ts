import { carrier } from '../../shared/platform/carrier-of-deployment.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { bookingsTable, inventoryTable, timetableTable } from '../../shared/platform/clients.ts';
import { stoppable } from '../../shared/platform/dynamo.ts';
import { publishedEventSchema } from '../../shared/platform/events.ts';
import { random } from '../../shared/platform/random.ts';
import { allocateSeatsTask } from '../../shared/waitlist/allocate-seats-task.ts';
import { queueHandler } from '../middleware/queue-handler.ts';
import { signingKey } from '../compose/ticket-keys.ts';

const clock = systemClock();

/** Serving one entry takes a few calls of the tables; this is more than they take when each is repeated. */
const turnMilliseconds = 8000;

export const handler = queueHandler(publishedEventSchema, async (event, { signal, timeLeft }) => {
  const dependencies = {
    bookings: stoppable(bookingsTable(), signal),
    inventory: stoppable(inventoryTable(), signal),
    timetable: timetableTable(),
    clock,
    random,
    carrier: carrier(),
    signingKey,
  };
  // Whom it cannot serve in time, the next call serves.
  await allocateSeatsTask(dependencies, { hasTime: () => timeLeft() > turnMilliseconds })(event);
});

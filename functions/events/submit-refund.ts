import { paymentProviders } from '../../shared/payments/providers.ts';
import { bookingsTable } from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { stoppable } from '../../shared/platform/dynamo.ts';
import { publishedEventSchema } from '../../shared/platform/events.ts';
import { submitRefundTask } from '../../shared/selling/event-tasks.ts';
import { queueHandler } from '../middleware/queue-handler.ts';

const clock = systemClock();

export const handler = queueHandler(publishedEventSchema, async (event, { timeLeft, signal }) => {
  const providers = await paymentProviders({ clock, timeLeft });
  await submitRefundTask({
    bookings: stoppable(bookingsTable(), signal),
    clock,
    findProvider: (name) => providers.get(name),
  })(event);
});

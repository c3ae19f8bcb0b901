import { paymentProviders } from '../../shared/payments/providers.ts';
import { bookingsTable } from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { stoppable } from '../../shared/platform/dynamo.ts';
import { publishedEventSchema } from '../../shared/platform/events.ts';
import { submitRefund } from '../../shared/paying/submit-refund.ts';
import { queueHandler } from '../middleware/queue-handler.ts';

const clock = systemClock();

/** Sends a refund to its provider; what is not confirmed at once is asked about by the clean-up. */
export const handler = queueHandler(
  publishedEventSchema.required({ subject: true }),
  async ({ orderId, subject }, { timeLeft, signal }) => {
    const providers = await paymentProviders({ clock, timeLeft });
    await submitRefund({
      bookings: stoppable(bookingsTable(), signal),
      clock,
      findProvider: (name) => providers.get(name),
    })(orderId, subject);
  },
);

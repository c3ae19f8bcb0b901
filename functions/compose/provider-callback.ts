import type { ProviderName } from '../../shared/payments/model.ts';
import { paymentProvider } from '../../shared/payments/providers.ts';
import { bookingsTable } from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import { notificationHandler } from '../middleware/notification-handler.ts';

const clock = systemClock();

/** The function that a provider notifies: it verifies, records, and sends the answer that the provider expects. */
export const providerCallback = (provider: ProviderName) =>
  notificationHandler({
    provider,
    // It needs no time: it verifies a signature and does not call the provider.
    find: ({ doubted }) => paymentProvider(provider, { clock, timeLeft: () => 0, doubted }),
    record: (notification) =>
      recordNotification({ bookings: bookingsTable(), clock })(provider, notification),
    clock,
  });

import type { ProviderName } from '../../shared/payments/model.ts';
import { openProvider } from '../../shared/payments/open-provider.ts';
import type { ProviderEntry } from '../../shared/payments/provider-entry.ts';
import { bookingsTable } from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import { notificationHandler } from '../middleware/notification-handler.ts';

const clock = systemClock();

/**
 * The function that a provider notifies: it verifies, records, and sends the answer that the provider expects. Its bundle has the
 * code of this provider alone.
 */
export const providerCallback = (provider: ProviderName, entry: ProviderEntry) =>
  notificationHandler({
    provider,
    // It needs no time: it verifies a signature and does not call the provider.
    find: ({ doubted }) => openProvider(provider, entry, { clock, timeLeft: () => 0, doubted }),
    record: (notification) =>
      recordNotification({ bookings: bookingsTable(), clock })(provider, notification),
    clock,
  });

import { paymentProviders } from '../../shared/payments/providers.ts';
import { bookingsTable } from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { recordNotification } from '../../shared/purchase/record-notification.ts';
import { notificationHandler } from '../middleware/notification-handler.ts';

const clock = systemClock();

/** `POST /v1/payment-callbacks/alipay`: answers `success` and nothing else once the notification is stored. */
export const handler = notificationHandler({
  provider: 'alipay',
  // It verifies, and asks the provider nothing.
  find: async () => (await paymentProviders({ clock, timeLeft: () => 0 })).get('alipay'),
  record: (notification) => recordNotification({ bookings: bookingsTable(), clock })('alipay', notification),
  clock,
});

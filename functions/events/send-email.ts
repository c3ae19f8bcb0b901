import { sendNotification } from '../../shared/notifications/send-notification.ts';
import { sesMail } from '../../shared/notifications/ses-mail.ts';
import { carrier } from '../../shared/platform/carrier.ts';
import { bookingsTable } from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { required } from '../../shared/platform/config.ts';
import { publishedEventSchema } from '../../shared/platform/events.ts';
import { logger } from '../../shared/platform/log.ts';
import { queueHandler } from '../middleware/queue-handler.ts';

let send: ReturnType<typeof sendNotification> | undefined;

export const handler = queueHandler(publishedEventSchema, async (event) => {
  send ??= sendNotification({
    bookings: bookingsTable(),
    mail: sesMail({ from: required('MAIL_FROM') }),
    clock: systemClock(),
    carrier: carrier(),
  });
  const outcome = await send(event);
  logger.info('told by e-mail', { orderId: event.orderId, event: event.event, outcome });
});

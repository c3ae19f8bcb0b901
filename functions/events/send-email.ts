import { sendNotification } from '../../shared/notifications/send-notification.ts';
import { sesMail } from '../../shared/notifications/ses-mail.ts';
import { readOrder } from '../../shared/orders/store.ts';
import { carrier } from '../../shared/platform/carrier.ts';
import { bookingsTable } from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { required } from '../../shared/platform/config.ts';
import { publishedEventSchema } from '../../shared/platform/events.ts';
import { logger } from '../../shared/platform/log.ts';
import { refundedFor } from '../../shared/paying/refunded-for.ts';
import { drawCode } from '../../shared/tickets/draw-code.ts';
import { listTickets } from '../../shared/tickets/store.ts';
import { queueHandler } from '../middleware/queue-handler.ts';

const prepare = () => {
  const bookings = bookingsTable();
  return sendNotification({
    bookings,
    mail: sesMail({ from: required('MAIL_FROM') }),
    clock: systemClock(),
    carrier: carrier(),
    readOrder: (orderId) => readOrder(bookings, orderId, { consistent: true }),
    listTickets: (orderId) => listTickets(bookings, orderId, { consistent: true }),
    refundedFor: refundedFor(bookings),
    drawCode,
  });
};

let send: ReturnType<typeof prepare> | undefined;

/** Tells the passenger what happened to an order. */
export const handler = queueHandler(publishedEventSchema, async (event) => {
  send ??= prepare();
  const outcome = await send(event);
  logger.info('told by e-mail', { orderId: event.orderId, event: event.event, outcome });
});

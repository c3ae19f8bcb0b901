import type { FindConfirmedAddress } from '../notifications/confirmed-address.ts';
import type { MailPort } from '../notifications/mail-port.ts';
import { sendNotification } from '../notifications/send-notification.ts';
import { readOrder } from '../orders/store.ts';
import { grantedBy, refundedFor } from '../paying/refunded-for.ts';
import type { Carrier } from '../platform/carrier.ts';
import type { Table } from '../platform/dynamo.ts';
import type { Clock } from '../platform/time.ts';
import { drawCode } from '../tickets/draw-code.ts';
import { listTickets } from '../tickets/store.ts';

type Dependencies = {
  bookings: Table;
  mail: MailPort;
  clock: Clock;
  carrier: Carrier;
  confirmedAddressOf: FindConfirmedAddress;
};

/** Mails the passenger what an event means for the order, by the current order, its tickets and its refund. */
export const tellPassenger = (dependencies: Dependencies): ReturnType<typeof sendNotification> => {
  const { bookings } = dependencies;
  return sendNotification({
    ...dependencies,
    readOrder: (orderId) => readOrder(bookings, orderId, { consistent: true }),
    listTickets: (orderId) => listTickets(bookings, orderId, { consistent: true }),
    refundedFor: refundedFor(bookings),
    grantedBy: grantedBy(bookings),
    drawCode,
  });
};

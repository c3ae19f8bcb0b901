import { readOrder } from '../orders/store.ts';
import type { Carrier } from '../platform/carrier.ts';
import type { Table } from '../platform/dynamo.ts';
import type { PublishedEvent } from '../platform/events.ts';
import type { Clock } from '../platform/time.ts';
import { listTickets } from '../tickets/store.ts';
import { composeMail } from './compose-mail.ts';
import type { MailPort } from './mail-port.ts';
import { newsOf } from './rules.ts';
import { putSent, readSent } from './store.ts';

export type NotificationOutcome = 'sent' | 'refused' | 'sent-before' | 'nothing-to-say';

/**
 * Tells the passenger by e-mail what an event means for the order. It is recorded after it was sent, per event and
 * channel: a crash between the two sends twice, which is better than never. A mail that the service refuses for good is
 * recorded as well; whatever may go better next time is thrown, so that the queue tries again.
 */
export const sendNotification =
  ({ bookings, mail, clock, carrier }: { bookings: Table; mail: MailPort; clock: Clock; carrier: Carrier }) =>
  async ({ event, eventId, orderId }: PublishedEvent): Promise<NotificationOutcome> => {
    const message = { orderId, eventId, channel: 'email' } as const;
    if (await readSent(bookings, message)) return 'sent-before';

    const order = await readOrder(bookings, orderId, { consistent: true });
    if (!order || order.state === 'void') return 'nothing-to-say';
    const news = newsOf(event, order.state);
    if (!news) return 'nothing-to-say';

    const tickets = news === 'order-issued' ? await listTickets(bookings, orderId, { consistent: true }) : [];
    const sent = await mail.send(await composeMail({ event: news, order, tickets, carrier }));
    await putSent(bookings, { ...message, event: news, ...sent, at: clock() });
    return sent.outcome;
  };

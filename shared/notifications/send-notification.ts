import type { Order, CommittedOrder } from '../orders/model.ts';
import type { Refund } from '../payments/model.ts';
import type { Carrier } from '../platform/carrier.ts';
import { isSameAddress } from '../platform/email-address.ts';
import type { Table } from '../platform/dynamo.ts';
import type { Money } from '../platform/money.ts';
import type { PublishedEvent } from '../platform/events.ts';
import type { OrderId, UserId } from '../platform/ids.ts';
import type { Clock } from '../platform/time.ts';
import type { Ticket } from '../tickets/model.ts';
import { composeMail, type DrawCode } from './compose-mail.ts';
import type { MailPort } from './mail-port.ts';
import type { FindConfirmedAddress } from './confirmed-address.ts';
import { isExpected, needsTickets, newsOf, ticketsFor, undeliverable } from './rules.ts';
import { putSent, readSent } from './store.ts';

export type NotificationOutcome = 'sent' | 'refused' | 'sent-before' | 'nothing-to-say';

/** What this needs from other modules: the order, its tickets and refund as they are now, and pictures of codes. */
type Needs = {
  bookings: Table;
  mail: MailPort;
  clock: Clock;
  carrier: Carrier;
  readOrder: (orderId: OrderId) => Promise<Order | undefined>;
  listTickets: (orderId: OrderId) => Promise<Ticket[]>;
  refundedFor: (order: CommittedOrder) => Promise<Refund['reason'] | undefined>;
  /** What a grant of this name gives back; undefined if there is none. */
  grantedBy: (orderId: OrderId, grant: string) => Promise<Money | undefined>;
  confirmedAddressOf: FindConfirmedAddress;
  drawCode: DrawCode;
};

/**
 * Tells the passenger by e-mail what an event means for the order. It records the message after sending, per event and
 * channel: SES has no token by which it would know a repeated request, so a crash between the two sends the mail twice,
 * which is better than never. It also records a mail that nobody can ever send, and flags it for a person. It throws if
 * another attempt may succeed, so that the queue tries again.
 */
export const sendNotification =
  (needs: Needs) =>
  async ({ event, eventId, orderId, subject = '' }: PublishedEvent): Promise<NotificationOutcome> => {
    const { bookings, mail, clock, carrier, readOrder, listTickets, refundedFor, grantedBy, drawCode } =
      needs;
    const about = { orderId, eventId, channel: 'email' } as const;
    if (await readSent(bookings, about)) return 'sent-before';

    const order = await readOrder(orderId);
    if (!order || order.state === 'void') return 'nothing-to-say';
    const news = newsOf(event, order);
    const { contact } = order;
    // Long after the journey, the order has no address any more.
    if (!news || !contact) return 'nothing-to-say';
    const isWelcome = isExpected(order) || (await isOwnAddress(needs, order.userId, contact.email));
    if (!isWelcome) return 'nothing-to-say';

    const tickets = needsTickets(news) ? ticketsFor(news, subject, await listTickets(orderId)) : [];
    if (needsTickets(news) && tickets.length === 0) return 'nothing-to-say';
    const why = news === 'order-refunded' ? await refundedFor(order) : undefined;
    const granted = news === 'order-refund-granted' ? await grantedBy(orderId, subject) : undefined;
    const content = {
      event: news,
      order: { ...order, contact },
      tickets,
      refundedFor: why,
      granted,
      carrier,
    };
    const message = { ...about, event: news };
    const outcome = await mail.send(await composeMail(content, drawCode), message);
    const sent = { ...message, ...outcome, at: clock() };
    await putSent(bookings, sent, undeliverable(sent));
    return sent.outcome;
  };

const isOwnAddress = async (
  { confirmedAddressOf }: Pick<Needs, 'confirmedAddressOf'>,
  userId: UserId,
  address: string,
): Promise<boolean> => {
  const own = await confirmedAddressOf(userId);
  return own !== undefined && isSameAddress(address, own);
};

import type { CommittedOrder } from '../orders/model.ts';
import type { Ticket } from '../tickets/model.ts';
import {
  fates,
  newsEventSchema,
  type Fate,
  type NewlySent,
  type MessageReport,
  type NewsEvent,
} from './model.ts';

/**
 * The states of the order in which each kind of news is still true. Events arrive late and out of order; "please pay"
 * after the ticket, or "expired" after late money has bought the seats after all, would be worse than silence.
 */
const trueIn: Readonly<Record<NewsEvent, readonly CommittedOrder['state'][]>> = {
  'order-held': ['held'],
  'order-issued': ['issued'],
  'order-disrupted': ['issued'],
  'tickets-refunded': ['issued'],
  'order-expired': ['expired', 'refunding', 'refunded'],
  'order-cancelled': ['cancelled', 'refunding', 'refunded'],
  'order-refunded': ['refunded'],
  'order-refund-granted': ['issued'],
};

/** The news that an event brings to a passenger, if there is any and it is still true. */
export const newsOf = (event: string, order: CommittedOrder): NewsEvent | undefined => {
  const { data: news } = newsEventSchema.safeParse(event);
  // Its passengers have just seen the offer, and there is nothing to pay for it.
  if (news === 'order-held' && order.exchangeOf && order.amount.amount === 0) return undefined;
  return news && trueIn[news].includes(order.state) ? news : undefined;
};

/**
 * The tickets that a mail is about: the valid ones with their codes; those that went back by the offer that the event names;
 * or, without codes to travel with, those that the job waived that the event names.
 */
export const ticketsFor = (
  news: NewsEvent,
  subject: string | undefined,
  tickets: readonly Ticket[],
): Ticket[] => {
  switch (news) {
    case 'order-issued':
      return tickets.filter(({ state }) => state === 'issued');
    case 'tickets-refunded':
      return tickets.filter((ticket) => ticket.state === 'refunded' && ticket.refund.offerId === subject);
    case 'order-disrupted':
      return tickets
        .filter((ticket) => ticket.state === 'issued' && ticket.waiver?.jobId === subject)
        .map(({ code: _code, ...ticket }) => ticket);
    default:
      return [];
  }
};

/** Whether news is about tickets, and says nothing without them. */
export const needsTickets = (news: NewsEvent): boolean =>
  news === 'order-issued' || news === 'tickets-refunded' || news === 'order-disrupted';

/**
 * Whether the contact of an order expects mail, as far as the order knows. Otherwise the address must be the user's own,
 * confirmed one: another may belong to anybody, so nothing goes there before money has come.
 */
export const isExpected = (order: CommittedOrder): boolean =>
  order.contactConfirmed === true || 'paidBy' in order;

/** The fates that a report replaces: the milder ones. An equal one stays, so that a repeated report changes nothing. */
export const milderThan = (became: Fate['became']): readonly Fate['became'][] =>
  fates.slice(0, fates.indexOf(became));

/**
 * Why a person must reach the passenger in another way, if one must: nobody can ever deliver this message, or a ticket is
 * lost. About an order that only waits for its money, the passenger asks or it expires.
 */
export const undeliverable = ({ event, outcome, why }: NewlySent): string | undefined =>
  outcome === 'refused' ? `${event}: ${why ?? 'refused'}` : undefined;

/** The same for a report. */
export const lostTicket = ({ event, fate }: MessageReport): string | undefined =>
  event === 'order-issued' && fate.became === 'undelivered' ? `${event}: ${fate.why}` : undefined;

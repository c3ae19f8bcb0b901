import type { CommittedOrder } from '../orders/model.ts';
import { newsEventSchema, type NewsEvent } from './model.ts';

/**
 * The states of the order in which each kind of news is still true. Events arrive late and out of order; "please pay"
 * after the ticket, or "expired" after late money has bought the seats after all, would be worse than silence.
 */
const trueIn: Readonly<Record<NewsEvent, readonly CommittedOrder['state'][]>> = {
  'order-held': ['held'],
  'order-issued': ['issued'],
  'order-expired': ['expired', 'refunding', 'refunded'],
  'order-cancelled': ['cancelled', 'refunding', 'refunded'],
  'order-refunded': ['refunded'],
};

/** The news that an event brings to a passenger, if there is any and it is still true. */
export const newsOf = (event: string, order: CommittedOrder): NewsEvent | undefined => {
  const { data: news } = newsEventSchema.safeParse(event);
  return news && trueIn[news].includes(order.state) ? news : undefined;
};

/**
 * Whether the contact of an order expects mail, as far as the order knows. Otherwise the address must be the user's own,
 * confirmed one: another may belong to anybody, so nothing goes there before money has come.
 */
export const isExpected = (order: CommittedOrder): boolean =>
  order.contactConfirmed === true || 'paidBy' in order;

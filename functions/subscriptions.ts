import { newsEvents } from '../shared/notifications/model.ts';
import type { EventName } from '../shared/selling/events-of.ts';

/**
 * The one table of events and queues: which events reach each function of `functions/events/` behind a
 * queue. Queues, their filters, what is published, the simulation and the bench come from it.
 */
export const subscriptions = {
  'start-purchase': ['order-held'],
  'apply-payment': ['payment-captured'],
  'submit-refund': ['refund-requested'],
  'send-email': newsEvents,
} as const satisfies Record<string, readonly EventName[]>;

export type Subscriber = keyof typeof subscriptions;

export const subscribers = Object.keys(subscriptions) as Subscriber[];

/** Who wants an event. An event that nobody wants stays in the order's history and is not published. */
export const subscribersOf = (event: EventName): Subscriber[] =>
  subscribers.filter((name) => (subscriptions[name] as readonly EventName[]).includes(event));

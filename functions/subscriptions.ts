import { newsEvents } from '../shared/notifications/model.ts';
import { sesDetailTypes } from '../shared/notifications/ses-reports.ts';
import { eventTag } from '../shared/notifications/ses-tags.ts';
import type { EventName } from '../shared/selling/events-of.ts';

/**
 * The one table of events and queues: the events that reach each function of `functions/events/` through its queue. The
 * queues, their filters, the list of events to publish, the simulation and the bench come from it.
 */
export const subscriptions = {
  'start-purchase': ['order-held'],
  'apply-payment': ['payment-captured'],
  'submit-refund': ['refund-requested', 'refund-noticed'],
  'allocate-seats': ['seats-released', 'entry-waiting'],
  'send-email': newsEvents,
} as const satisfies Record<string, readonly EventName[]>;

export type Subscriber = keyof typeof subscriptions;

export const subscribers = Object.keys(subscriptions) as Subscriber[];

/** The subscribers of an event. An event without any stays in the order's history, and nobody publishes it. */
export const subscribersOf = (event: EventName): Subscriber[] =>
  subscribers.filter((name) => (subscriptions[name] as readonly EventName[]).includes(event));

/** The events of SES that reach `record-mail-report`: of these types, and about a mail with this tag. */
export const mailReports = { detailTypes: sesDetailTypes, tag: eventTag } as const;

import * as z from 'zod';
import { orderIdSchema } from '../platform/ids.ts';
import { instantSchema, type Instant } from '../platform/time.ts';

/** The events about which we mail passengers. An order's other events are intermediate steps. */
export const newsEvents = [
  'order-held',
  'order-issued',
  'order-disrupted',
  'tickets-refunded',
  'order-expired',
  'order-cancelled',
  'order-refunded',
  'order-refund-granted',
] as const;
export const newsEventSchema = z.enum(newsEvents);
export type NewsEvent = z.infer<typeof newsEventSchema>;

/** The channels for news. Each keeps its own record, so that none replaces another. */
export const channels = ['email'] as const;

/**
 * What became of a message after the channel took it, the worst last: each replaces those before it, in whatever order
 * reports arrive. `unclear`: some servers answer so for an absent reader, others for a failure that they do not explain.
 * `complained`: it arrived, and the reader called it spam. `undelivered`: nobody will ever receive it.
 */
export const fates = ['delayed', 'unclear', 'complained', 'undelivered'] as const;

export const fateSchema = z.object({
  became: z.enum(fates),
  /** The channel's own codes; never an address or a text of a mail server. */
  why: z.string(),
  at: instantSchema,
});
export type Fate = z.infer<typeof fateSchema>;

/** The message about one event by one channel. */
export const newsRefSchema = z.object({
  orderId: orderIdSchema,
  eventId: z.string(),
  event: newsEventSchema,
  channel: z.enum(channels),
});
export type NewsRef = z.infer<typeof newsRefSchema>;
export type SentRef = Omit<NewsRef, 'event'>;

/** A message that went out, or that the channel refused for good. Both are final: nothing sends it again. */
export const sentMessageSchema = newsRefSchema.extend({
  /** A message of which the channel reports something went out, even if nobody lived to record it. */
  outcome: z.enum(['sent', 'refused']).default('sent'),
  /** The name of the reason of the refusal; never an address. */
  why: z.string().optional(),
  /** When it was recorded. */
  at: instantSchema.optional(),
  fate: fateSchema.optional(),
});
export type SentMessage = z.infer<typeof sentMessageSchema>;

/** A message that was just sent or refused, as we record it. */
export type NewlySent = NewsRef & Pick<SentMessage, 'outcome' | 'why'> & { at: Instant };

/** What a channel reports about a message that it took earlier. */
export type MessageReport = NewsRef & { fate: Fate };

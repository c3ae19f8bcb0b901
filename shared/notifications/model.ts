import * as z from 'zod';
import { orderIdSchema } from '../platform/ids.ts';
import { instantSchema } from '../platform/time.ts';

/** The events about which we mail passengers. An order's other events are intermediate steps. */
export const newsEvents = [
  'order-held',
  'order-issued',
  'order-expired',
  'order-cancelled',
  'order-refunded',
] as const;
export const newsEventSchema = z.enum(newsEvents);
export type NewsEvent = z.infer<typeof newsEventSchema>;

/** The channels for news. Each keeps its own record, so that none replaces another. */
export const channels = ['email'] as const;

/** A message that went out, or that the channel refused for good. Both are final: nothing sends it again. */
export const sentMessageSchema = z.object({
  orderId: orderIdSchema,
  eventId: z.string(),
  event: newsEventSchema,
  channel: z.enum(channels),
  outcome: z.enum(['sent', 'refused']),
  /** The channel's own name for the reason of the refusal; never an address. */
  why: z.string().optional(),
  at: instantSchema,
});
export type SentMessage = z.infer<typeof sentMessageSchema>;
export type SentRef = Pick<SentMessage, 'orderId' | 'eventId' | 'channel'>;

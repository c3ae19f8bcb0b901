import * as z from 'zod';
import { orderIdSchema } from '../platform/ids.ts';
import { instantSchema } from '../platform/time.ts';

/** The events that we mail to passengers. An order's other events are steps on the way. */
export const newsEvents = [
  'order-held',
  'order-issued',
  'order-expired',
  'order-cancelled',
  'order-refunded',
] as const;
export const newsEventSchema = z.enum(newsEvents);
export type NewsEvent = z.infer<typeof newsEventSchema>;

/** The ways news can go. Each keeps its own record, so that none replaces another. */
export const channels = ['email'] as const;

/** A message that has gone out, or that the channel refused for good. Both are final: it is not tried again. */
export const sentMessageSchema = z.object({
  orderId: orderIdSchema,
  eventId: z.string(),
  event: newsEventSchema,
  channel: z.enum(channels),
  outcome: z.enum(['sent', 'refused']),
  /** Why it was refused, by the channel's own name for it; never an address. */
  why: z.string().optional(),
  at: instantSchema,
});
export type SentMessage = z.infer<typeof sentMessageSchema>;
export type SentRef = Pick<SentMessage, 'orderId' | 'eventId' | 'channel'>;

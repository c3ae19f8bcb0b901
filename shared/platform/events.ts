import * as z from 'zod';
import { orderIdSchema } from './ids.ts';
import { instantSchema } from './time.ts';

/**
 * An event that a function publishes after it has committed the new state: at least once, in any order. Consumers read
 * the state for everything else. `eventId` stays the same, however often the event is published.
 */
export const publishedEventSchema = z.object({
  eventId: z.string(),
  /** An order's event such as `order-issued`, or `payment-captured`, `refund-requested`. */
  event: z.string(),
  orderId: orderIdSchema,
  /** The payment, the refund, the grant or the accepted offer of this event, if there is one. */
  subject: z.string().optional(),
  at: instantSchema,
});
export type PublishedEvent = z.infer<typeof publishedEventSchema>;

import * as z from 'zod';
import { orderIdSchema } from './ids.ts';
import { instantSchema } from './time.ts';

/**
 * What is published once the state that says so has been committed: at least once, in any order. Consumers read the
 * state for everything else. `eventId` is the same however often it is published.
 */
export const publishedEventSchema = z.object({
  eventId: z.string(),
  /** An order's event such as `order-issued`, or `payment-captured`, `refund-requested`. */
  event: z.string(),
  orderId: orderIdSchema,
  /** The payment or the refund it is about, where it is about one. */
  subject: z.string().optional(),
  at: instantSchema,
});
export type PublishedEvent = z.infer<typeof publishedEventSchema>;

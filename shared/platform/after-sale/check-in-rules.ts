import * as z from 'zod';
import { spanSchema } from './span.ts';

/**
 * When a gate lets passengers in, counted from the departure from the stop where the gate stands. Without an end it
 * closes with the departure.
 */
export const checkInRulesSchema = z.strictObject({
  /** It opens this much time before the departure. */
  opensBefore: spanSchema,
  /** It closes this much time before the departure, or after it where tickets are checked on board. */
  closesBefore: spanSchema.optional(),
  closesAfter: spanSchema.optional(),
  /** Whether a passenger may board at a later stop of the journey than the one on the ticket. */
  laterStops: z.boolean(),
});
export type CheckInRules = z.infer<typeof checkInRulesSchema>;

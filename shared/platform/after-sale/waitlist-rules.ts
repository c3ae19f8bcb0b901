import * as z from 'zod';
import { spanSchema } from './span.ts';

/**
 * Who may wait for seats. The cut-off is the time before the departure from the boarding stop at which waiting ends, and the
 * money goes back; days are days of the calendar there.
 */
export const waitlistRulesSchema = z.strictObject({
  /** The shortest and the longest cut-off that a passenger may choose, and the one of a passenger who chooses none. */
  cutOffMin: spanSchema,
  cutOffMax: spanSchema,
  cutOffUsual: spanSchema,
  /** The most entries that a user may have open at a time, paid or not. */
  entriesMax: z.int().positive().max(100),
});
export type WaitlistRules = z.infer<typeof waitlistRulesSchema>;

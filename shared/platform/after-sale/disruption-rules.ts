import * as z from 'zod';
import { spanSchema } from './span.ts';

/** What passengers may do when the carrier does not carry as it sold. */
export const disruptionRulesSchema = z.strictObject({
  /**
   * How long passengers choose after a run or a stop was cancelled: their money back or another run, without a fee. Who
   * has not chosen by then gets the money back. Days are days of the calendar in the carrier's zone.
   */
  window: spanSchema,
  /** A delay of at least this much lets passengers go without a fee until the delayed departure. */
  delayAtLeast: spanSchema,
});
export type DisruptionRules = z.infer<typeof disruptionRulesSchema>;

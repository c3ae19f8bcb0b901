import * as z from 'zod';
import { serviceDateSchema } from '../ids.ts';
import { checkInRulesSchema } from './check-in-rules.ts';
import { disruptionRulesSchema } from './disruption-rules.ts';
import { exchangeRulesSchema } from './exchange-rules.ts';
import { refundRulesSchema } from './refund-rules.ts';
import { waitlistRulesSchema } from './waitlist-rules.ts';

/**
 * The carrier's rules for what comes after the sale, with the day from which each version counts. A ticket keeps the
 * rules of the day on which it was ordered. The first version has no day: it counts for everything before the second.
 * What a version has no part for is not offered.
 */
export const afterSaleRulesSchema = z.strictObject({
  $schema: z.string().optional(),
  versions: z
    .array(
      z.strictObject({
        from: serviceDateSchema.optional(),
        refund: refundRulesSchema.optional(),
        exchange: exchangeRulesSchema.optional(),
        checkIn: checkInRulesSchema.optional(),
        disruption: disruptionRulesSchema.optional(),
        waitlist: waitlistRulesSchema.optional(),
      }),
    )
    .min(1)
    .max(100),
});
export type AfterSaleRules = z.infer<typeof afterSaleRulesSchema>;

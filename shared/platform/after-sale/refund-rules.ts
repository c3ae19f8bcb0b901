import * as z from 'zod';
import { spanSchema } from './span.ts';

/** What the carrier keeps of a ticket's price: a share of it, and an amount in minor units beside the share. */
const keeping = { percent: z.int().min(0).max(100), fixed: z.int().positive().optional() };

/** Holds while at least this much time is left until the departure; `PT0H` holds until the departure itself. */
const tierBeforeSchema = z.strictObject({ atLeast: spanSchema, ...keeping });

/** Holds from the departure on, for at most this much time. */
const tierAfterSchema = z.strictObject({ atMost: spanSchema, ...keeping });

export const refundRulesSchema = z.strictObject({
  /** How long an offer binds the carrier. */
  offerSeconds: z.int().positive().max(86_400),
  /** From the longest time to the shortest; the first that holds counts. */
  beforeDeparture: z.array(tierBeforeSchema).max(20),
  /** From the shortest time to the longest. Without it, nothing is refunded after the departure. */
  afterDeparture: z.array(tierAfterSchema).max(20).optional(),
  /** Minor units of which the share is a multiple: the nearest one, the greater of two. */
  roundTo: z.int().positive().optional(),
  /** Minor units between which a fee lies if one is due. It is never more than the price. */
  feeMin: z.int().positive().optional(),
  feeMax: z.int().positive().optional(),
});
export type RefundRules = z.infer<typeof refundRulesSchema>;

/** The rule behind a fee: one of the carrier's tiers, or that the carrier does not carry as it sold and keeps nothing. */
export const appliedRuleSchema = z
  .union([
    tierBeforeSchema,
    tierAfterSchema,
    z.strictObject({ runCancelled: z.literal(true), percent: z.literal(0) }),
    z.strictObject({ stopCancelled: z.literal(true), percent: z.literal(0) }),
    z.strictObject({ delayed: z.literal(true), percent: z.literal(0) }),
  ])
  .meta({ id: 'RefundRule' });
export type AppliedRule = z.infer<typeof appliedRuleSchema>;

import * as z from 'zod';
import { serviceDateSchema } from './ids.ts';

/**
 * A time of days, hours and minutes in ISO 8601. A day is a day of the calendar where the passenger boards, 23 to 25
 * hours long; hours and minutes are always the same length.
 */
export const spanSchema = z
  .string()
  .regex(
    /^P(?=\d|T\d)(?:\d{1,3}D)?(?:T(?=\d)(?:\d{1,4}H)?(?:\d{1,5}M)?)?$/,
    'must be a time such as P8D, PT48H or PT15M',
  );

/** What the carrier keeps of a ticket's price: a share of it, and an amount in minor units beside the share. */
const keeping = { percent: z.int().min(0).max(100), fixed: z.int().positive().optional() };

/** Holds while at least this much time is left until the departure; `PT0H` holds until the departure itself. */
const tierBeforeSchema = z.strictObject({ atLeast: spanSchema, ...keeping });

/** Holds from the departure on, for at most this much time. */
const tierAfterSchema = z.strictObject({ atMost: spanSchema, ...keeping });

const refundRulesSchema = z.strictObject({
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

/** The rule behind a fee: one of the carrier's tiers, or that the carrier cancelled the run and keeps nothing. */
export const appliedRuleSchema = z
  .union([
    tierBeforeSchema,
    tierAfterSchema,
    z.strictObject({ runCancelled: z.literal(true), percent: z.literal(0) }),
  ])
  .meta({ id: 'RefundRule' });
export type AppliedRule = z.infer<typeof appliedRuleSchema>;

/**
 * The carrier's rules for what comes after the sale, with the day from which each version counts. A ticket keeps the
 * rules of the day on which it was ordered. The first version has no day: it counts for everything before the second.
 */
export const afterSaleRulesSchema = z.strictObject({
  $schema: z.string().optional(),
  versions: z
    .array(z.strictObject({ from: serviceDateSchema.optional(), refund: refundRulesSchema }))
    .min(1)
    .max(100),
});
export type AfterSaleRules = z.infer<typeof afterSaleRulesSchema>;

import * as z from 'zod';
import { spanSchema } from './span.ts';

/** What an exchange costs: a share of a fare, and an amount in minor units beside the share. */
const costing = { percent: z.int().min(0).max(100), fixed: z.int().positive().optional() };

/** `toLaterDays`: what it costs to a run that leaves on a later day than the first one, if that differs. */
const tier = { ...costing, toLaterDays: z.strictObject(costing).optional() };

/** Holds while at least this much time is left until the departure of the ticket. */
const tierBeforeSchema = z.strictObject({ atLeast: spanSchema, ...tier });

/** Holds from the departure on: for at most this much time, or until the end of that day where the passenger boards. */
const tierAfterSchema = z.strictObject({
  atMost: z.union([spanSchema, z.literal('same-day')], {
    error: 'must be a time such as PT2H, or "same-day"',
  }),
  ...tier,
  /** Whether the new ticket may go back. */
  refundable: z.boolean(),
});

export const exchangeRulesSchema = z.strictObject({
  /** From the longest time to the shortest; the first that holds counts. */
  beforeDeparture: z.array(tierBeforeSchema).max(20),
  /** From the shortest time to the longest. Without it, nothing is exchanged after the departure. */
  afterDeparture: z.array(tierAfterSchema).max(20).optional(),
  /** The fare of which the share is taken: the lower of the two, or the one of the earlier or of the new ticket. */
  percentOf: z.enum(['lower-fare', 'former-fare', 'new-fare']),
  /** Minor units of which the share is a multiple: the nearest one, the greater of two. */
  roundTo: z.int().positive().optional(),
  /** Minor units between which a fee lies if one is due. It is never more than the fare. */
  feeMin: z.int().positive().optional(),
  feeMax: z.int().positive().optional(),
  /** Whether a later refund keeps at least what a refund instead of the exchange would have kept. */
  keepsRefundTier: z.boolean(),
});
export type ExchangeRules = z.infer<typeof exchangeRulesSchema>;

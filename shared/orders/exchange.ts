import * as z from 'zod';
import { appliedRuleSchema } from '../platform/after-sale/refund-rules.ts';
import { itemIdSchema, offerIdSchema, orderIdSchema } from '../platform/ids.ts';
import { money, moneySchema, type Money } from '../platform/money.ts';

/**
 * The tickets of an earlier order for which an order's passengers exchange: its items have the numbers of theirs. The
 * order is the offer, until it is issued or ends.
 */
export const exchangeOfSchema = z.object({
  orderId: orderIdSchema,
  /** `<the earlier order>-<this order>`. */
  offerId: offerIdSchema,
  /** What each ticket cost, and what the carrier keeps for the exchange. */
  tickets: z
    .array(z.object({ itemId: itemIdSchema, former: moneySchema, fee: moneySchema }))
    .min(1)
    .max(9),
  /** A later refund keeps at least what this rule keeps, so that no exchange makes a refund cheaper. */
  refundFloor: appliedRuleSchema.optional(),
  /** Whether the new tickets may go back. */
  isRefundable: z.boolean(),
});
export type ExchangeOf = z.infer<typeof exchangeOfSchema>;

/** What an exchange costs or brings: one of `toPay` and `toRefund` is zero. `fee` is everything that the carrier keeps. */
export type Difference = { toPay: Money; toRefund: Money; fee: Money };

/** The difference between the new fares with the fees and the earlier fares, over all tickets. */
export const differenceOf = (
  tickets: readonly { former: Money; fee: Money; fare: Money }[],
  currency: string,
): Difference => {
  const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
  const more = sum(tickets.map(({ former, fee, fare }) => fare.amount + fee.amount - former.amount));
  return {
    toPay: money(Math.max(0, more), currency),
    toRefund: money(Math.max(0, -more), currency),
    fee: money(sum(tickets.map(({ fee }) => fee.amount)), currency),
  };
};

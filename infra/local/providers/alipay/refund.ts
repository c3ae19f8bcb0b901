import type { Instant } from '../../../../shared/platform/time.ts';
import { withTrouble } from '../refund-troubles.ts';
import { closed, refundedOf, type Trade } from '../trade.ts';

export type RefundWish = { outRequestNo: string | undefined; amount: number };

/**
 * A refund by Alipay's rules: once for each number, and never more than the buyer paid; a full refund closes the trade.
 */
export const refunded = (
  trade: Trade,
  wish: RefundWish,
  now: Instant,
): { trade: Trade; fundChange: 'Y' | 'N' } | { declined: string; trade?: Trade } => {
  if (trade.paidAt === undefined) {
    return { declined: trade.status === 'closed' ? 'ACQ.TRADE_HAS_CLOSE' : 'ACQ.TRADE_STATUS_ERROR' };
  }
  if (wish.outRequestNo === undefined && wish.amount !== trade.total) {
    return { declined: 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL' };
  }
  const number = wish.outRequestNo ?? trade.outTradeNo;
  const before = trade.refunds.find(({ outRequestNo }) => outRequestNo === number);
  if (before && before.amount !== wish.amount) return { declined: 'ACQ.DISCORDANT_REPEAT_REQUEST' };
  if (before) return { trade, fundChange: 'N' };
  if (refundedOf(trade) + wish.amount > trade.total) return { declined: 'ACQ.REASON_TRADE_REFUND_FEE_ERR' };
  const made = withTrouble(trade, { outRequestNo: number, amount: wish.amount, at: now });
  if (!made.refund) return { trade: made.trade, declined: 'ACQ.SELLER_BALANCE_NOT_ENOUGH' };
  const after = { ...made.trade, refunds: [...trade.refunds, made.refund] };
  return { trade: refundedOf(after) === trade.total ? closed(after, now) : after, fundChange: 'Y' };
};

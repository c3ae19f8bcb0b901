import type { Instant } from '../../../../shared/platform/time.ts';
import { closed, refundedOf, type Trade } from '../trade.ts';

export type RefundWish = { outRequestNo: string | undefined; amount: number };

/**
 * A refund by Alipay's rules: once for each number, and never more than the buyer paid; a full refund closes the trade.
 */
export const refunded = (
  trade: Trade,
  wish: RefundWish,
  now: Instant,
): { trade: Trade; fundChange: 'Y' | 'N' } | { declined: string } => {
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
  const after = {
    ...trade,
    refunds: [...trade.refunds, { outRequestNo: number, amount: wish.amount, at: now }],
  };
  return { trade: refundedOf(after) === trade.total ? closed(after, now) : after, fundChange: 'Y' };
};

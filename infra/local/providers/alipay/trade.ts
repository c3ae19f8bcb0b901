import { plusSeconds, type Instant } from '../../../../shared/platform/time.ts';

/** A trade in the sandbox's own books. Amounts are in fen. */
export type Trade = {
  outTradeNo: string;
  tradeNo: string;
  subject: string;
  total: number;
  createdAt: Instant;
  expiresAt: Instant;
  notifyUrl: string | undefined;
  returnUrl: string | undefined;
  status: 'WAIT_BUYER_PAY' | 'TRADE_SUCCESS' | 'TRADE_CLOSED';
  paidAt?: Instant;
  closedAt?: Instant;
  /** The buyer has pressed "pay after the deadline", and the money comes at this moment. */
  paysLateAt?: Instant;
  /** The number of the gateway's next answers about this trade that take longer than any caller waits. */
  slowAnswers: number;
  refunds: TradeRefund[];
};
export type TradeRefund = { outRequestNo: string; amount: number; at: Instant };

/** How long after the deadline late money comes, if the buyer chose this before the deadline. */
const lateBySeconds = 30;

export const refundedOf = ({ refunds }: Trade): number =>
  refunds.reduce((sum, { amount }) => sum + amount, 0);

export const isPayable = (trade: Trade, now: Instant): boolean =>
  trade.status === 'WAIT_BUYER_PAY' && now < trade.expiresAt;

export const paid = (trade: Trade, now: Instant): Trade => {
  const { closedAt: _, paysLateAt: __, ...rest } = trade;
  return { ...rest, status: 'TRADE_SUCCESS', paidAt: now };
};

export const closed = (trade: Trade, now: Instant): Trade => ({
  ...trade,
  status: 'TRADE_CLOSED',
  closedAt: now,
});

/** After the deadline, late money arrives at once; before it, the money is on its way. */
export const payingLate = (trade: Trade, now: Instant): Trade =>
  now >= trade.expiresAt || trade.status === 'TRADE_CLOSED'
    ? paid(trade, now)
    : { ...trade, paysLateAt: plusSeconds(trade.expiresAt, lateBySeconds) };

/** The trade after the changes that come with time alone; the same trade if there are none. */
export const settled = (trade: Trade, now: Instant): Trade => {
  if (trade.paysLateAt !== undefined && now >= trade.paysLateAt && trade.paidAt === undefined) {
    return paid(trade, now);
  }
  return trade.status === 'WAIT_BUYER_PAY' && now >= trade.expiresAt ? closed(trade, now) : trade;
};

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
    return { declined: trade.status === 'TRADE_CLOSED' ? 'ACQ.TRADE_HAS_CLOSE' : 'ACQ.TRADE_STATUS_ERROR' };
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

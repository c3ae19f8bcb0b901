import { millisecondsOf, plusSeconds, type Instant } from '../../../../shared/platform/time.ts';
import { refundedOf, type Trade, type TradeRefund } from '../trade.ts';
import { appId, buyerOpenId, mchId } from './keys.ts';

/** How long a refund is under way. */
export const refundSeconds = 5;

/** RFC 3339 in China's time, as WeChat Pay writes it. */
export const wireTime = (instant: Instant): string =>
  `${new Date(millisecondsOf(instant) + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;

/** A trade that was refunded, even in part, has the state REFUND. */
const stateOf = (trade: Trade): string => {
  if (trade.status === 'waiting') return 'NOTPAY';
  if (trade.status === 'closed') return 'CLOSED';
  return refundedOf(trade) > 0 ? 'REFUND' : 'SUCCESS';
};

export const tradeTypes: Readonly<Record<string, string>> = { native: 'NATIVE', h5: 'MWEB', jsapi: 'JSAPI' };

/** A transaction as a query answers it and a notification contains it. */
export const transactionOf = (trade: Trade, total = trade.total): Record<string, unknown> => ({
  appid: appId,
  mchid: mchId,
  out_trade_no: trade.outTradeNo,
  trade_state: stateOf(trade),
  trade_state_desc: stateOf(trade),
  attach: '',
  amount: { total, payer_total: total, currency: trade.currency, payer_currency: trade.currency },
  ...(trade.paidAt && {
    transaction_id: trade.tradeNo,
    trade_type: tradeTypes[trade.more?.['method'] ?? ''],
    bank_type: 'OTHERS',
    success_time: wireTime(trade.paidAt),
    payer: { openid: trade.more?.['openid'] ?? buyerOpenId },
  }),
});

export const refundId = (number: string): string =>
  `5030000000${Buffer.from(number).toString('hex').slice(-18)}`;

export const statusOf = ({ at, state }: TradeRefund, now: Instant): string => {
  if (state === undefined) return plusSeconds(at, refundSeconds) <= now ? 'SUCCESS' : 'PROCESSING';
  return statuses[state];
};

/** WeChat Pay has no refund that fails after it was done. */
const statuses = {
  waits: 'PROCESSING',
  done: 'SUCCESS',
  abnormal: 'ABNORMAL',
  closed: 'CLOSED',
  failed: 'ABNORMAL',
} as const;

/** A refund as its request and a query answer it: accepted first, done a little later. */
export const refundOf = (trade: Trade, refund: TradeRefund, now: Instant): Record<string, unknown> => {
  const { outRequestNo, amount, at } = refund;
  const status = statusOf(refund, now);
  const isDone = status === 'SUCCESS';
  return {
    refund_id: refundId(outRequestNo),
    out_refund_no: outRequestNo,
    transaction_id: trade.tradeNo,
    out_trade_no: trade.outTradeNo,
    channel: 'ORIGINAL',
    user_received_account: '支付用户零钱',
    create_time: wireTime(at),
    ...(isDone && { success_time: wireTime(plusSeconds(at, refundSeconds)) }),
    status,
    amount: {
      total: trade.total,
      refund: amount,
      payer_total: trade.total,
      payer_refund: amount,
      currency: trade.currency,
    },
  };
};

/** What the notification of a refund contains. */
export const refundNoticeOf = (
  trade: Trade,
  { outRequestNo, amount, at, state = 'done' }: TradeRefund,
): Record<string, unknown> => ({
  mchid: mchId,
  transaction_id: trade.tradeNo,
  out_trade_no: trade.outTradeNo,
  refund_id: refundId(outRequestNo),
  out_refund_no: outRequestNo,
  refund_status: statuses[state],
  success_time: wireTime(plusSeconds(at, refundSeconds)),
  user_received_account: '支付用户零钱',
  amount: { total: trade.total, refund: amount, payer_total: trade.total, payer_refund: amount },
});

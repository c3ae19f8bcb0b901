import type { Clock } from '../../../shared/platform/time.ts';
import type { Books } from './books.ts';
import type { Done, NotDone } from './cashier.ts';
import type { Tell } from './delivery.ts';
import type { Trade, TradeRefund } from './trade.ts';

/** What can go wrong with the next refund of a trade. */
const nextTroubles = {
  'refund-declined': {
    next: 'declined',
    message: 'The next refund is declined: the merchant’s balance is too low 商户余额不足',
  },
  'refund-waits': { next: 'waits', message: 'The next refund stays under way 退款将处理中' },
} as const;

/** How the latest refund of a trade ends, or ends after all. */
const endings = {
  'refund-done': { state: 'done', message: 'The refund is done 退款成功' },
  'refund-abnormal': { state: 'abnormal', message: 'The buyer’s card takes no money 退款异常' },
  'refund-closed': {
    state: 'closed',
    message: 'The refund is closed, the merchant keeps the money 退款关闭',
  },
  'refund-failed': { state: 'failed', message: 'The buyer’s bank gave the money back 退款失败' },
} as const;

type Trouble = keyof typeof nextTroubles | keyof typeof endings;

export const isRefundTrouble = (name: string): name is Trouble =>
  Object.hasOwn(nextTroubles, name) || Object.hasOwn(endings, name);

type Parts = { books: Books; clock: Clock; tell: Tell };

/** Makes a trouble of the next refund of a trade, or of its latest one. */
export const makeRefundTrouble = (
  outTradeNo: string,
  trouble: Trouble,
  { books, clock, tell }: Parts,
): Done | NotDone => {
  const trade = books.trade(outTradeNo);
  if (!trade) return { outcome: 'refused', message: 'No such trade 交易不存在' };
  if (trouble === 'refund-declined' || trouble === 'refund-waits') {
    const { next, message } = nextTroubles[trouble];
    const after = { ...trade, nextRefund: next };
    books.write({ trade: after });
    return { outcome: 'done', trade: after, message, pays: false };
  }
  const latest = trade.refunds.at(-1);
  if (!latest) return { outcome: 'refused', message: 'Nothing was refunded 没有退款' };
  const { state, message } = endings[trouble];
  const refund: TradeRefund = { ...latest, state };
  const after: Trade = { ...trade, refunds: [...trade.refunds.slice(0, -1), refund] };
  books.write({ trade: after, deliveries: tell(after, { of: 'refund', refund }, clock()) });
  return { outcome: 'done', trade: after, message, pays: false };
};

/** The trade without the trouble that its next refund was to have, and the refund with it; undefined if it is declined. */
export const withTrouble = (
  trade: Trade,
  refund: TradeRefund,
): { trade: Trade; refund: TradeRefund | undefined } => {
  const { nextRefund, ...rest } = trade;
  if (nextRefund === 'declined') return { trade: rest, refund: undefined };
  return { trade: rest, refund: nextRefund === 'waits' ? { ...refund, state: 'waits' } : refund };
};

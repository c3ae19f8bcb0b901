import { plusSeconds, type Instant } from '../../../../shared/platform/time.ts';
import { textOf } from '../formats.ts';
import { withTrouble } from '../refund-troubles.ts';
import { refundedOf, type Trade, type TradeRefund } from '../trade.ts';
import { failed, tradeNow, type GatewayParts, type Reply } from './gateway.ts';
import { refundOf } from './transaction.ts';

const numberForm = /^[0-9A-Za-z_|*@-]{1,64}$/;

const noteOf = (number: string): string => `refund:${number}`;

/** `POST /v3/refund/domestic/refunds`: once for each number, and never more than was paid. It is done a little later. */
export const refund = (content: Record<string, unknown>, parts: GatewayParts): Reply => {
  const { books, clock, tell } = parts;
  const number = textOf(content['out_refund_no']) ?? '';
  const { refund: amount, total } = (content['amount'] ?? {}) as { refund?: unknown; total?: unknown };
  if (!numberForm.test(number) || !Number.isInteger(amount) || (amount as number) <= 0)
    return failed(400, 'PARAM_ERROR');
  const trade = tradeOf(content, parts);
  if (!trade) return failed(404, 'RESOURCE_NOT_EXISTS');
  const decided = decide(trade, { number, amount: amount as number, total }, clock());
  if ('why' in decided) return failed(400, 'INVALID_REQUEST', decided.why);
  if (isTooSoon(trade, clock())) return failed(429, 'FREQUENCY_LIMITED');
  const { isNew } = decided;
  const troubled = isNew ? withTrouble(trade, decided.made) : { trade, refund: decided.made };
  const made = troubled.refund;
  if (!made) {
    books.write({ trade: troubled.trade });
    return failed(403, 'NOT_ENOUGH');
  }
  if (isNew) {
    const url = textOf(content['notify_url']);
    const more = { ...trade.more, ...(url && { [noteOf(number)]: url }) };
    const after = { ...troubled.trade, refunds: [...trade.refunds, made], more };
    const isDone = made.state === undefined;
    books.write({
      trade: after,
      deliveries: isDone ? tell(after, { of: 'refund', refund: made }, clock()) : [],
    });
    books.write({ note: { key: noteOf(number), content: trade.outTradeNo } });
  }
  return { status: 200, body: refundOf(trade, made, clock()) };
};

/** WeChat Pay wants a minute between the refunds of an order, and before it gets the same one again. */
const secondsBetweenRefunds = 60;

const isTooSoon = ({ refunds }: Trade, now: Instant): boolean =>
  refunds.some(({ at }) => now < plusSeconds(at, secondsBetweenRefunds));

const tradeOf = (content: Record<string, unknown>, parts: GatewayParts): Trade | undefined => {
  const byWechat = textOf(content['transaction_id']);
  if (byWechat) return parts.books.tradeByNumber(byWechat);
  return tradeNow(textOf(content['out_trade_no']) ?? '', parts);
};

const decide = (
  trade: Trade,
  { number, amount, total }: { number: string; amount: number; total: unknown },
  now: TradeRefund['at'],
): { made: TradeRefund; isNew: boolean } | { why: string } => {
  const before = trade.refunds.find(({ outRequestNo }) => outRequestNo === number);
  if (before && before.amount !== amount) return { why: 'the amount differs from the first request' };
  if (before) return { made: before, isNew: false };
  if (trade.status !== 'paid') return { why: 'the order is not paid' };
  if (total !== trade.total) return { why: 'the total differs from the order' };
  if (refundedOf(trade) + amount > trade.total) return { why: 'more than is left' };
  return { made: { outRequestNo: number, amount, at: now }, isNew: true };
};

export const queryRefund = (number: string, { books, clock }: GatewayParts): Reply => {
  const trade = books.trade(books.note<string>(noteOf(number)) ?? '');
  const made = trade?.refunds.find(({ outRequestNo }) => outRequestNo === number);
  return trade && made
    ? { status: 200, body: refundOf(trade, made, clock()) }
    : failed(404, 'RESOURCE_NOT_EXISTS');
};

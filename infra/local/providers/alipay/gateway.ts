import { randomInt } from 'node:crypto';
import { plusSeconds, type Clock } from '../../../../shared/platform/time.ts';
import { settle } from './settle.ts';
import type { Books } from './books.ts';
import { deliveryOf } from './delivery.ts';
import { chinaTime, fenOf, fromChinaTime, yuan } from './formats.ts';
import { buyerId, type SandboxKeys } from './keys.ts';
import type { GatewayRefusal, GatewayRequest } from './request.ts';
import { closed, isPayable, refunded, refundedOf, type Trade } from './trade.ts';

type Parts = { books: Books; clock: Clock };
type Answer = Record<string, string>;

const success = (fields: Answer): Answer => ({ code: '10000', msg: 'Success', ...fields });
const declined = (subCode: string): Answer => ({
  code: '40004',
  msg: 'Business Failed',
  sub_code: subCode,
  sub_msg: subCode,
});

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** The lifetime of a page payment if the merchant sets no deadline. */
const withoutDeadlineSeconds = 15 * 24 * 60 * 60;

const numberForm = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * `alipay.trade.page.pay`: the buyer's browser opens the merchant's signed address. Only this creates the trade, so
 * until then every query answers TRADE_NOT_EXIST. If the browser opens it again for the same purchase, it finds the
 * same trade.
 */
export const enterCashier = (
  { content, notifyUrl, returnUrl }: GatewayRequest,
  { books, clock }: Parts,
): Trade | GatewayRefusal => {
  const refusal = (subCode: string): GatewayRefusal => ({
    method: 'alipay.trade.page.pay',
    code: '40002',
    subCode,
  });
  const now = clock();
  const outTradeNo = text(content['out_trade_no']) ?? '';
  const total = fenOf(content['total_amount']);
  const subject = text(content['subject']);
  const deadline = text(content['time_expire']);
  const expiresAt = deadline ? fromChinaTime(deadline) : plusSeconds(now, withoutDeadlineSeconds);
  if (!numberForm.test(outTradeNo) || !total || !subject || !expiresAt)
    return refusal('ACQ.INVALID_PARAMETER');
  if (content['product_code'] !== 'FAST_INSTANT_TRADE_PAY') return refusal('ACQ.INVALID_PARAMETER');

  settle({ books, clock });
  const before = books.trade(outTradeNo);
  if (before) return before.total === total ? before : refusal('ACQ.CONTEXT_INCONSISTENT');
  if (expiresAt <= now) return refusal('ACQ.TRADE_HAS_CLOSE');
  const trade: Trade = {
    outTradeNo,
    tradeNo: newTradeNo(chinaTime(now)),
    subject,
    total,
    createdAt: now,
    expiresAt,
    notifyUrl,
    returnUrl,
    status: 'WAIT_BUYER_PAY',
    slowAnswers: 0,
    refunds: [],
  };
  books.write({ trade });
  return trade;
};

/** 28 digits that begin with the day, like Alipay's. */
const newTradeNo = (time: string): string => {
  const digits = Array.from({ length: 4 }, () => String(randomInt(100_000)).padStart(5, '0')).join('');
  return time.slice(0, 10).replaceAll('-', '') + digits;
};

/** The gateway's answer to a call of the merchant; undefined for an unknown method. */
export const answerCall = (request: GatewayRequest, parts: Parts): Answer | undefined => {
  settle(parts);
  const method = methods[request.method];
  if (!method) return undefined;
  const trade = tradeOf(request.content, parts.books);
  return trade ? method(trade, request.content, parts) : declined('ACQ.TRADE_NOT_EXIST');
};

const tradeOf = (content: GatewayRequest['content'], books: Books): Trade | undefined => {
  const byAlipay = text(content['trade_no']);
  if (byAlipay) return books.tradeByNumber(byAlipay);
  return books.trade(text(content['out_trade_no']) ?? '');
};

type Method = (trade: Trade, content: GatewayRequest['content'], parts: Parts) => Answer;

const numbersOf = ({ outTradeNo, tradeNo }: Trade): Answer => ({
  out_trade_no: outTradeNo,
  trade_no: tradeNo,
});

const query: Method = (trade) =>
  success({
    ...numbersOf(trade),
    trade_status: trade.status,
    total_amount: yuan(trade.total),
    buyer_user_id: buyerId,
    receipt_amount: yuan(trade.paidAt ? trade.total : 0),
    ...(trade.paidAt && { send_pay_date: chinaTime(trade.paidAt) }),
  });

const close: Method = (trade, _, { books, clock }) => {
  if (trade.status === 'TRADE_SUCCESS') return declined('ACQ.TRADE_HAS_SUCCESS');
  if (!isPayable(trade, clock())) return declined('ACQ.TRADE_STATUS_ERROR');
  const after = closed(trade, clock());
  books.write({ trade: after, deliveries: deliveryOf(after, { of: 'closed' }, clock()) });
  return success(numbersOf(after));
};

const refund: Method = (trade, content, { books, clock }) => {
  const amount = fenOf(content['refund_amount']);
  if (amount === undefined) return declined('ACQ.INVALID_PARAMETER');
  const now = clock();
  const decision = refunded(trade, { outRequestNo: text(content['out_request_no']), amount }, now);
  if ('declined' in decision) return declined(decision.declined);
  const { trade: after, fundChange } = decision;
  const made = fundChange === 'Y' ? after.refunds.at(-1) : undefined;
  if (made) books.write({ trade: after, deliveries: deliveryOf(after, { of: 'refund', refund: made }, now) });
  return success({
    ...numbersOf(after),
    buyer_user_id: buyerId,
    fund_change: fundChange,
    refund_fee: yuan(refundedOf(after)),
  });
};

const queryRefund: Method = (trade, content) => {
  const number = text(content['out_request_no']) ?? trade.outTradeNo;
  const found = trade.refunds.find(({ outRequestNo }) => outRequestNo === number);
  if (!found) return success({});
  return success({
    ...numbersOf(trade),
    out_request_no: number,
    refund_status: 'REFUND_SUCCESS',
    refund_amount: yuan(found.amount),
    total_amount: yuan(trade.total),
    gmt_refund_pay: chinaTime(found.at),
  });
};

const methods: Readonly<Record<string, Method>> = {
  'alipay.trade.query': query,
  'alipay.trade.close': close,
  'alipay.trade.refund': refund,
  'alipay.trade.fastpay.refund.query': queryRefund,
};

/** An answer or an error as HTTP: the signature covers the exact text of its content. */
export const signedAnswer = (
  method: string,
  answer: Answer | GatewayRefusal,
  keys: Pick<SandboxKeys, 'signAsAlipay'>,
): string => {
  const known = Object.hasOwn(methods, method) || method === 'alipay.trade.page.pay';
  const node = known ? `${method.replaceAll('.', '_')}_response` : 'error_response';
  // Alipay's JSON puts a backslash before each slash. This reveals a merchant that checks the signature against text of
  // its own.
  const content = JSON.stringify('subCode' in answer ? wireOf(answer as GatewayRefusal) : answer).replaceAll(
    '/',
    '\\/',
  );
  return `{"${node}":${content},"sign":"${keys.signAsAlipay(content)}"}`;
};

const wireOf = ({ code, subCode }: GatewayRefusal): Answer => ({
  code,
  msg: code === '40001' ? 'Missing Required Arguments' : 'Invalid Arguments',
  sub_code: subCode,
  sub_msg: `${subCode} (see https://open.alipay.com)`,
});

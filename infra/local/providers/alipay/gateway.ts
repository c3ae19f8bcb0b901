import type { Clock } from '../../../../shared/platform/time.ts';
import { settle } from '../settle.ts';
import type { Books } from '../books.ts';
import { chinaTime, textOf } from '../formats.ts';
import { billAddress, billMethod } from './bill.ts';
import { isByBrowser, precreate } from './enter.ts';
import { fenOf, yuan } from './formats.ts';
import { buyerId, type SandboxKeys } from './keys.ts';
import type { GatewayRefusal, GatewayRequest } from './request.ts';
import { closed, isPayable, refundedOf, type Trade } from '../trade.ts';
import { refunded } from './refund.ts';
import { tell, wireStatusOf } from './tell.ts';

type Parts = { books: Books; clock: Clock; url: string };
type Answer = Record<string, string>;

const success = (fields: Answer): Answer => ({ code: '10000', msg: 'Success', ...fields });
const declined = (subCode: string): Answer => ({
  code: '40004',
  msg: 'Business Failed',
  sub_code: subCode,
  sub_msg: subCode,
});

/** The gateway's answer to a call of the merchant; undefined for an unknown method. */
export const answerCall = (request: GatewayRequest, parts: Parts): Answer | undefined => {
  settle({ ...parts, tell });
  if (request.method === precreateMethod) {
    const made = precreate(request, parts);
    return 'code' in made
      ? success({ out_trade_no: made.outTradeNo, qr_code: made.code })
      : declined(made.subCode);
  }
  if (request.method === billMethod) {
    const address = billAddress(request.content, parts);
    return 'subCode' in address ? declined(address.subCode) : success(address);
  }
  const method = methods[request.method];
  if (!method) return undefined;
  const trade = tradeOf(request.content, parts.books);
  return trade ? method(trade, request.content, parts) : declined('ACQ.TRADE_NOT_EXIST');
};

const tradeOf = (content: GatewayRequest['content'], books: Books): Trade | undefined => {
  const byAlipay = textOf(content['trade_no']);
  if (byAlipay) return books.tradeByNumber(byAlipay);
  return books.trade(textOf(content['out_trade_no']) ?? '');
};

type Method = (trade: Trade, content: GatewayRequest['content'], parts: Parts) => Answer;

const numbersOf = ({ outTradeNo, tradeNo }: Trade): Answer => ({
  out_trade_no: outTradeNo,
  trade_no: tradeNo,
});

const query: Method = (trade) =>
  success({
    ...numbersOf(trade),
    trade_status: wireStatusOf(trade),
    total_amount: yuan(trade.total),
    buyer_user_id: buyerId,
    receipt_amount: yuan(trade.paidAt ? trade.total : 0),
    ...(trade.paidAt && { send_pay_date: chinaTime(trade.paidAt) }),
  });

const close: Method = (trade, _, { books, clock }) => {
  if (trade.status === 'paid') return declined('ACQ.TRADE_HAS_SUCCESS');
  if (!isPayable(trade, clock())) return declined('ACQ.TRADE_STATUS_ERROR');
  const after = closed(trade, clock());
  books.write({ trade: after, deliveries: tell(after, { of: 'closed' }, clock()) });
  return success(numbersOf(after));
};

const refund: Method = (trade, content, { books, clock }) => {
  const amount = fenOf(content['refund_amount']);
  if (amount === undefined) return declined('ACQ.INVALID_PARAMETER');
  const now = clock();
  const decision = refunded(trade, { outRequestNo: textOf(content['out_request_no']), amount }, now);
  if ('declined' in decision) {
    if (decision.trade) books.write({ trade: decision.trade });
    return declined(decision.declined);
  }
  const { trade: after, fundChange } = decision;
  const made = fundChange === 'Y' ? after.refunds.at(-1) : undefined;
  const isDone = made && made.state === undefined;
  if (made)
    books.write({
      trade: after,
      deliveries: isDone ? tell(after, { of: 'refund', refund: made }, now) : [],
    });
  return success({
    ...numbersOf(after),
    buyer_user_id: buyerId,
    fund_change: fundChange,
    refund_fee: yuan(refundedOf(after)),
  });
};

const queryRefund: Method = (trade, content) => {
  const number = textOf(content['out_request_no']) ?? trade.outTradeNo;
  const found = trade.refunds.find(({ outRequestNo }) => outRequestNo === number);
  // Without a status: it is unknown, under way, or has failed.
  if (!found || (found.state !== undefined && found.state !== 'done')) return success({});
  return success({
    ...numbersOf(trade),
    out_request_no: number,
    refund_status: 'REFUND_SUCCESS',
    refund_amount: yuan(found.amount),
    total_amount: yuan(trade.total),
    gmt_refund_pay: chinaTime(found.at),
  });
};

const precreateMethod = 'alipay.trade.precreate';
/** The methods that are about no trade that exists. */
const isOther = (method: string): boolean => method === precreateMethod || method === billMethod;

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
  const known = Object.hasOwn(methods, method) || isOther(method) || isByBrowser(method);
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

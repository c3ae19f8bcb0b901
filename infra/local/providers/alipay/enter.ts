import { randomBytes, randomInt } from 'node:crypto';
import { plusSeconds, type Clock, type Instant } from '../../../../shared/platform/time.ts';
import type { Books } from '../books.ts';
import type { Code } from './code.ts';
import { chinaTime, fromChinaTime, textOf } from '../formats.ts';
import { fenOf } from './formats.ts';
import { tell } from './tell.ts';
import type { GatewayRequest } from './request.ts';
import { settle } from '../settle.ts';
import type { Trade } from '../trade.ts';

type Parts = { books: Books; clock: Clock; url: string };
type Refused = { subCode: string };

/** The methods that a buyer's browser opens, with the product of each. */
const byBrowser: Readonly<Record<string, string>> = {
  'alipay.trade.page.pay': 'FAST_INSTANT_TRADE_PAY',
  'alipay.trade.wap.pay': 'QUICK_WAP_WAY',
};

export const isByBrowser = (method: string): boolean => Object.hasOwn(byBrowser, method);

/** The products of a code; the first is the usual one. */
const productsOfCodes: readonly (string | undefined)[] = [
  'FACE_TO_FACE_PAYMENT',
  'QR_CODE_OFFLINE',
  undefined,
];

/** The lifetime of a payment if the merchant sets no deadline. */
const withoutDeadlineSeconds = 15 * 24 * 60 * 60;

const numberForm = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * The buyer's browser opens the merchant's signed address. Only this creates the trade, so until then every query answers
 * TRADE_NOT_EXIST. If the browser opens it again for the same purchase, it finds the same trade.
 */
export const enterCashier = (request: GatewayRequest, parts: Parts): Trade | Refused => {
  if (request.content['product_code'] !== byBrowser[request.method])
    return { subCode: 'ACQ.INVALID_PARAMETER' };
  return makeTrade(request, parts);
};

/** `alipay.trade.precreate`: stores what the merchant signed, under a code that makes the trade when it is scanned. */
export const precreate = (request: GatewayRequest, { books, clock, url }: Parts): Code | Refused => {
  const { content } = request;
  if (!productsOfCodes.includes(textOf(content['product_code']))) return { subCode: 'ACQ.INVALID_PARAMETER' };
  const draft = draftOf(request, clock());
  if ('subCode' in draft) return draft;
  const code = {
    code: `${url}/qr/${randomBytes(12).toString('hex')}`,
    outTradeNo: draft.outTradeNo,
    request,
  };
  books.write({ note: { key: code.code, content: code } });
  return code;
};

/** The buyer's app scans a code. */
export const scan = ({ request }: Code, parts: Parts): Trade | Refused => makeTrade(request, parts);

type Draft = Pick<Trade, 'outTradeNo' | 'total' | 'subject' | 'expiresAt'>;

const draftOf = ({ content }: GatewayRequest, now: Instant): Draft | Refused => {
  const outTradeNo = textOf(content['out_trade_no']) ?? '';
  const total = fenOf(content['total_amount']);
  const subject = textOf(content['subject']);
  const deadline = textOf(content['time_expire']);
  const expiresAt = deadline ? fromChinaTime(deadline) : plusSeconds(now, withoutDeadlineSeconds);
  if (!numberForm.test(outTradeNo) || !total || !subject || !expiresAt)
    return { subCode: 'ACQ.INVALID_PARAMETER' };
  return { outTradeNo, total, subject, expiresAt };
};

const makeTrade = (request: GatewayRequest, { books, clock }: Parts): Trade | Refused => {
  const now = clock();
  const draft = draftOf(request, now);
  if ('subCode' in draft) return draft;
  settle({ books, clock, tell });
  const before = books.trade(draft.outTradeNo);
  if (before) return before.total === draft.total ? before : { subCode: 'ACQ.CONTEXT_INCONSISTENT' };
  if (draft.expiresAt <= now) return { subCode: 'ACQ.TRADE_HAS_CLOSE' };
  const trade: Trade = {
    ...draft,
    currency: 'CNY',
    tradeNo: newTradeNo(chinaTime(now)),
    createdAt: now,
    notifyUrl: request.notifyUrl,
    returnUrl: request.returnUrl,
    status: 'waiting',
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

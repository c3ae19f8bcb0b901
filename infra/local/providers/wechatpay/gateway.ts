import { randomBytes, randomInt } from 'node:crypto';
import { instantOf, plusSeconds, type Instant } from '../../../../shared/platform/time.ts';
import type { CashierParts } from '../cashier-site.ts';
import { textOf } from '../formats.ts';
import { settle } from '../settle.ts';
import { closed, isPayable, type Trade } from '../trade.ts';
import { appId, mchId } from './keys.ts';
import { transactionOf } from './transaction.ts';

/** An answer before it is signed; without a body it is 204. */
export type Reply = { status: number; body?: Record<string, unknown> };

export type GatewayParts = CashierParts & { url: string };

export const failed = (status: number, code: string, message = code): Reply => ({
  status,
  body: { code, message },
});

const numberForm = /^[0-9A-Za-z_*-]{6,32}$/;
const timeForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2})$/;

type Content = Record<string, unknown>;
const partOf = (content: Content, name: string): Content => {
  const part = content[name];
  return typeof part === 'object' && part !== null ? (part as Content) : {};
};

/** The lifetime of a payment if the merchant sets no deadline. */
const withoutDeadlineSeconds = 2 * 60 * 60;

const deadlineOf = (content: Content, now: Instant): Instant | undefined => {
  const said = content['time_expire'];
  if (said === undefined) return plusSeconds(now, withoutDeadlineSeconds);
  return typeof said === 'string' && timeForm.test(said) ? instantOf(Date.parse(said)) : undefined;
};

/** What the method needs besides; the message names the first part that is missing. */
const lackOf = (method: string, content: Content): string | undefined => {
  const scene = partOf(content, 'scene_info');
  if (method === 'jsapi' && !textOf(partOf(content, 'payer')['openid'])) return 'payer.openid';
  if (method !== 'h5') return undefined;
  if (!textOf(scene['payer_client_ip'])) return 'scene_info.payer_client_ip';
  return textOf(partOf(scene, 'h5_info')['type']) ? undefined : 'scene_info.h5_info.type';
};

/** `POST /v3/pay/transactions/{native|h5|jsapi}`: unlike Alipay's, the trade exists from here on. */
export const create = (method: string, content: Content, parts: GatewayParts): Reply => {
  const { books, clock, url } = parts;
  const now = clock();
  const draft = draftOf(method, content, now);
  if (typeof draft === 'string') return failed(400, 'PARAM_ERROR', draft);
  if (content['appid'] !== appId || content['mchid'] !== mchId) return failed(400, 'APPID_MCHID_NOT_MATCH');
  if (draft.expiresAt <= now) return failed(400, 'PARAM_ERROR', 'time_expire is over');
  const before = books.trade(draft.outTradeNo);
  if (before?.status === 'paid') return failed(400, 'ORDERPAID');
  if (before?.status === 'closed') return failed(400, 'ORDER_CLOSED');
  if (before && before.total !== draft.total) return failed(403, 'OUT_TRADE_NO_USED');
  const prepayId = before?.more?.['prepayId'] ?? `wx${randomBytes(17).toString('hex')}`;
  const openid = textOf(partOf(content, 'payer')['openid']);
  const trade: Trade = before ?? {
    ...draft,
    tradeNo: newTransactionId(),
    currency: 'CNY',
    createdAt: now,
    notifyUrl: textOf(content['notify_url']),
    returnUrl: undefined,
    status: 'waiting',
    slowAnswers: 0,
    refunds: [],
    more: { method, prepayId, ...(openid && { openid }) },
  };
  books.write({ trade });
  const code = codeOf(trade);
  books.write({ note: { key: code ?? prepayId, content: trade.outTradeNo } });
  if (code) return { status: 200, body: { code_url: code } };
  if (method === 'h5') return { status: 200, body: { h5_url: h5Address(url, prepayId) } };
  return { status: 200, body: { prepay_id: prepayId } };
};

/** The text of the QR code of a trade, if it was made for one. */
export const codeOf = ({ more = {} }: Trade): string | undefined =>
  more['method'] === 'native' ? `weixin://wxpay/bizpayurl?pr=${more['prepayId']?.slice(-9)}` : undefined;

const h5Address = (url: string, prepayId: string): string =>
  `${url}/wechatpay/h5?prepay_id=${prepayId}&package=${randomInt(1_000_000_000)}`;

/** 28 digits, like WeChat Pay's. */
const newTransactionId = (): string =>
  `4200${Array.from({ length: 4 }, () => String(randomInt(1_000_000)).padStart(6, '0')).join('')}`;

type Draft = Pick<Trade, 'outTradeNo' | 'total' | 'subject' | 'expiresAt'>;

const draftOf = (method: string, content: Content, now: Instant): Draft | string => {
  const amount = partOf(content, 'amount');
  const { total, currency = 'CNY' } = amount;
  const outTradeNo = textOf(content['out_trade_no']) ?? '';
  const subject = textOf(content['description']);
  const expiresAt = deadlineOf(content, now);
  if (!numberForm.test(outTradeNo)) return 'out_trade_no';
  if (!Number.isInteger(total) || (total as number) <= 0 || currency !== 'CNY') return 'amount';
  if (!subject || subject.length > 127) return 'description';
  if (!textOf(content['notify_url'])) return 'notify_url';
  if (!expiresAt) return 'time_expire';
  return lackOf(method, content) ?? { outTradeNo, total: total as number, subject, expiresAt };
};

export const query = (trade: Trade | undefined): Reply =>
  trade ? { status: 200, body: transactionOf(trade) } : failed(404, 'ORDER_NOT_EXIST');

/** `POST …/close`. */
export const close = (trade: Trade | undefined, { books, clock }: GatewayParts): Reply => {
  if (!trade) return failed(404, 'ORDER_NOT_EXIST');
  if (trade.status === 'paid') return failed(400, 'ORDERPAID');
  if (!isPayable(trade, clock())) return failed(400, 'ORDER_CLOSED');
  books.write({ trade: closed(trade, clock()) });
  return { status: 204 };
};

/** The trade of a number as it is now. */
export const tradeNow = (outTradeNo: string, parts: GatewayParts): Trade | undefined => {
  settle(parts);
  return parts.books.trade(outTradeNo);
};

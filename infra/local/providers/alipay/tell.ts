import { randomBytes } from 'node:crypto';
import type { Instant } from '../../../../shared/platform/time.ts';
import { newDelivery, type Delivery, type Tell, type Telling } from '../delivery.ts';
import { chinaTime } from '../formats.ts';
import type { Received } from '../post.ts';
import { refundedOf, type Trade } from '../trade.ts';
import { yuan } from './formats.ts';
import { appId, buyerId, sellerId, textToSign, type SandboxKeys } from './keys.ts';

const minutes = (count: number): number => count * 60;
const hours = (count: number): number => minutes(60 * count);
/** Alipay's own intervals between the attempts (source: "异步通知说明" of its open platform). */
export const retryAfterSeconds = [
  minutes(4),
  minutes(10),
  minutes(10),
  hours(1),
  hours(2),
  hours(6),
  hours(15),
];

/** Alipay takes nothing but this text as an answer. */
export const isTaken = ({ body }: Received): boolean => body === 'success';

export const wireStatusOf = ({ status }: Trade): string =>
  ({ waiting: 'WAIT_BUYER_PAY', paid: 'TRADE_SUCCESS', closed: 'TRADE_CLOSED' })[status];

export const tell: Tell = (trade, telling, now, how = {}) => {
  // Alipay tells of refunds that are done.
  const refundState = telling.of === 'refund' ? telling.refund.state : undefined;
  if (trade.notifyUrl === undefined || (refundState !== undefined && refundState !== 'done')) return [];
  const id = how.id ?? newNotifyId(now);
  const content: Record<string, string> = { notify_id: id, ...fieldsOf(trade, telling) };
  const refund = content['refund_fee'] ? ` (refund ${content['refund_fee']})` : '';
  const title = `${content['trade_status']}${refund} · ${content['total_amount']}`;
  return [newDelivery(trade, { url: trade.notifyUrl, id, title, content }, now, how)];
};

const newNotifyId = (now: Instant): string =>
  `${chinaTime(now).replaceAll(/\D/g, '')}${randomBytes(12).toString('hex').slice(0, 20)}`;

const fieldsOf = (trade: Trade, telling: Telling): Record<string, string> => {
  const total = telling.of === 'paid' ? (telling.total ?? trade.total) : trade.total;
  const amount = yuan(total);
  const common = {
    notify_type: 'trade_status_sync',
    charset: 'utf-8',
    version: '1.0',
    app_id: appId,
    auth_app_id: appId,
    trade_no: trade.tradeNo,
    out_trade_no: trade.outTradeNo,
    buyer_id: buyerId,
    buyer_logon_id: 'pas***@keyun.example',
    seller_id: sellerId,
    subject: trade.subject,
    total_amount: amount,
    gmt_create: chinaTime(trade.createdAt),
  };
  if (telling.of === 'waiting') return { ...common, trade_status: 'WAIT_BUYER_PAY' };
  if (telling.of === 'closed') {
    return {
      ...common,
      trade_status: 'TRADE_CLOSED',
      gmt_close: chinaTime(trade.closedAt ?? trade.expiresAt),
    };
  }
  const money = {
    ...common,
    receipt_amount: amount,
    invoice_amount: amount,
    buyer_pay_amount: amount,
    point_amount: '0.00',
    fund_bill_list: JSON.stringify([{ amount, fundChannel: 'ALIPAYACCOUNT' }]),
    gmt_payment: chinaTime(trade.paidAt ?? trade.createdAt),
  };
  if (telling.of === 'paid') return { ...money, trade_status: 'TRADE_SUCCESS' };
  // A partial refund still has TRADE_SUCCESS: a merchant can recognize it only by these three fields.
  return {
    ...money,
    trade_status: wireStatusOf(trade),
    out_biz_no: telling.refund.outRequestNo,
    refund_fee: yuan(refundedOf(trade)),
    gmt_refund: `${chinaTime(telling.refund.at)}.000`,
  };
};

/**
 * The form of the notification. It contains the time, so we sign it again for each attempt; `notify_id` stays the same.
 */
export const signedForm = (
  { content, forged }: Delivery,
  keys: Pick<SandboxKeys, 'signAsAlipay' | 'signAsForger'>,
  now: Instant,
): URLSearchParams => {
  const timed = { ...(content as Record<string, string>), notify_time: chinaTime(now) };
  const sign = (forged ? keys.signAsForger : keys.signAsAlipay)(textToSign(timed));
  return new URLSearchParams({ ...timed, sign_type: 'RSA2', sign });
};

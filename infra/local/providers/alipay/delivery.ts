import { randomBytes } from 'node:crypto';
import { plusSeconds, type Instant } from '../../../../shared/platform/time.ts';
import { chinaTime, yuan } from './formats.ts';
import { appId, buyerId, sellerId, textToSign, type SandboxKeys } from './keys.ts';
import { refundedOf, type Trade, type TradeRefund } from './trade.ts';

/** One notification on its way: the sandbox sends it until its receiver answers `success`, or until it gives up. */
export type Delivery = {
  deliveryId: string;
  outTradeNo: string;
  url: string;
  fields: Record<string, string>;
  forged: boolean;
  /** The sandbox sends each trick only once. */
  retried: boolean;
  state: 'pending' | 'delivered' | 'given-up';
  dueAt: Instant;
  attempts: { at: Instant; status: number | undefined; answer: string }[];
};

const minutes = (count: number): number => count * 60;
const hours = (count: number): number => minutes(60 * count);
/** Alipay's own intervals between the attempts (source: "异步通知说明" of its open platform). */
const retryAfterSeconds = [minutes(4), minutes(10), minutes(10), hours(1), hours(2), hours(6), hours(15)];

export type Telling =
  | { of: 'paid'; total?: number }
  | { of: 'waiting' }
  | { of: 'closed' }
  | { of: 'refund'; refund: TradeRefund };

/** The notifications of `trade` for the merchant; none if the merchant gave no address for them. */
export const deliveryOf = (
  trade: Trade,
  telling: Telling,
  now: Instant,
  how: { notifyId?: string; forged?: boolean; retried?: boolean } = {},
): Delivery[] => {
  if (trade.notifyUrl === undefined) return [];
  const notifyId = how.notifyId ?? newNotifyId(now);
  return [
    {
      deliveryId: `${notifyId}-${randomBytes(4).toString('hex')}`,
      outTradeNo: trade.outTradeNo,
      url: trade.notifyUrl,
      fields: { notify_id: notifyId, ...fieldsOf(trade, telling) },
      forged: how.forged ?? false,
      retried: how.retried ?? true,
      state: 'pending',
      dueAt: now,
      attempts: [],
    },
  ];
};

export const newNotifyId = (now: Instant): string =>
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
    trade_status: refundedOf(trade) === trade.total ? 'TRADE_CLOSED' : 'TRADE_SUCCESS',
    out_biz_no: telling.refund.outRequestNo,
    refund_fee: yuan(refundedOf(trade)),
    gmt_refund: `${chinaTime(telling.refund.at)}.000`,
  };
};

/**
 * The form of the notification. It contains the time, so we sign it again for each attempt; `notify_id` stays the same.
 */
export const signedForm = (
  { fields, forged }: Delivery,
  keys: Pick<SandboxKeys, 'signAsAlipay' | 'signAsForger'>,
  now: Instant,
): URLSearchParams => {
  const timed = { ...fields, notify_time: chinaTime(now) };
  const sign = (forged ? keys.signAsForger : keys.signAsAlipay)(textToSign(timed));
  return new URLSearchParams({ ...timed, sign_type: 'RSA2', sign });
};

/** The delivery after an attempt: done if the body is exactly `success`, otherwise due again or given up. */
export const attempted = (
  delivery: Delivery,
  now: Instant,
  answer: { status: number | undefined; body: string },
): Delivery => {
  const attempts = [
    ...delivery.attempts,
    { at: now, status: answer.status, answer: answer.body.slice(0, 200) },
  ];
  if (answer.body === 'success') return { ...delivery, attempts, state: 'delivered' };
  const wait = delivery.retried ? retryAfterSeconds[attempts.length - 1] : undefined;
  if (wait === undefined) return { ...delivery, attempts, state: 'given-up' };
  return { ...delivery, attempts, dueAt: plusSeconds(now, wait) };
};

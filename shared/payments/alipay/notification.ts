import type { KeyObject } from 'node:crypto';
import { fromDecimal } from '../../platform/money.ts';
import type { NotificationReading, NotificationRequest, VerifiedNotification } from '../provider.ts';
import { alipayCurrency, notificationSchema, type AlipayNotification } from './model.ts';
import { isSignedBy, signingText } from './sign.ts';

export type NotificationParties = { appId: string; sellerId: string; alipayKey: KeyObject };

/** Alipay's notifications have about two kilobytes. */
const bodyBytesMax = 64 * 1024;

const refused = (why: string): NotificationReading => ({ outcome: 'refused', why });

/**
 * Verifies and reads a notification: first the signature over everything but `sign` and `sign_type`, then whether it
 * concerns our application and our account. The caller, who knows the payment, checks the amount. Never throws.
 */
export const readAlipayNotification = (
  { headers, body }: NotificationRequest,
  { appId, sellerId, alipayKey }: NotificationParties,
): NotificationReading => {
  if (body.length > bodyBytesMax) return refused('too-large');
  if (!isUtf8(/charset=\s*"?([\w-]+)/i.exec(headers['content-type'] ?? '')?.[1])) return refused('charset');
  const form = decodeForm(body);
  if (typeof form === 'string') return refused(form);
  if (!isUtf8(form.get('charset'))) return refused('charset');

  const signature = form.get('sign');
  if (!signature) return refused('sign-missing');
  // Alipay's own client also accepts `RSA`, which is SHA-1.
  if (form.get('sign_type') !== 'RSA2') return refused('sign-type');
  form.delete('sign');
  form.delete('sign_type');
  if (!isSignedBy(signingText(form), signature, alipayKey)) return refused('signature');

  if (form.get('app_id') !== appId) return refused('app-id');
  if (form.get('seller_id') !== sellerId) return refused('seller-id');
  const read = notificationSchema.safeParse(Object.fromEntries(form));
  if (!read.success) return refused('fields');
  const says = meaningOf(read.data);
  if (!says) return refused('total-amount');
  return {
    outcome: 'verified',
    notification: { notificationId: read.data.notify_id, paymentNumber: read.data.out_trade_no, says },
  };
};

/** Refuses GBK and the like by name, instead of as a bad signature: the cause is a setting at Alipay. */
const isUtf8 = (charset: string | undefined): boolean =>
  charset === undefined || charset.toLowerCase() === 'utf-8';

/** Decodes the form once. Refuses a key that occurs twice, because two readers could take different values. */
const decodeForm = (body: Buffer): Map<string, string> | 'malformed' | 'duplicate-key' => {
  const form = new Map<string, string>();
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    for (const pair of text.split('&')) {
      const equals = pair.indexOf('=');
      if (equals < 1) return 'malformed';
      const [key, value] = [pair.slice(0, equals), pair.slice(equals + 1)].map((part) =>
        decodeURIComponent(part.replaceAll('+', ' ')),
      ) as [string, string];
      if (form.has(key)) return 'duplicate-key';
      form.set(key, value);
    }
    return form;
  } catch {
    return 'malformed';
  }
};

/**
 * The meaning of the notification; undefined if it reports money without an amount. Refund notifications come to the
 * same address and also have the status TRADE_SUCCESS. This recognises them by the fields that only they have, before
 * it looks at the status, so that a refund can never count as a second payment.
 */
const meaningOf = (notification: AlipayNotification): VerifiedNotification['says'] | undefined => {
  if (speaksOfRefund(notification)) return { kind: 'refunded' };
  switch (notification.trade_status) {
    case 'TRADE_SUCCESS':
    case 'TRADE_FINISHED': {
      const paid = fromDecimal(notification.total_amount ?? '', alipayCurrency);
      return paid && { kind: 'captured', providerTrade: notification.trade_no, paid };
    }
    case 'TRADE_CLOSED':
      return { kind: 'closed' };
    case 'WAIT_BUYER_PAY':
      return { kind: 'other' };
  }
};

const speaksOfRefund = ({
  out_biz_no: number,
  refund_fee: fee,
  gmt_refund: at,
}: AlipayNotification): boolean => Boolean(number) || Boolean(at) || (fee !== undefined && Number(fee) !== 0);

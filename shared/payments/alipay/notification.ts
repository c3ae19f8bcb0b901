import type { KeyObject } from 'node:crypto';
import { fromDecimal } from '../../platform/money.ts';
import { accepted, rejected, type Outcome } from '../../platform/outcome.ts';
import { paidAtOf, type NotificationRequest, type VerifiedNotification } from '../provider.ts';
import { momentIn } from './local-time.ts';
import { alipayCurrency, notificationSchema, type AlipayNotification } from './model.ts';
import { isSignedBy } from '../rsa-sha256.ts';
import { signingText } from './signing-text.ts';

export type NotificationParties = { appId: string; sellerId: string; alipayKey: KeyObject };

/** Alipay's notifications have about two kilobytes. */
const bodyBytesMax = 64 * 1024;

type BadForm = 'malformed' | 'duplicate-key';

/** The check that a notification fails. Asking again never helps: the same request always fails it. */
type NotificationRefusal =
  | 'too-large'
  | 'charset'
  | BadForm
  | 'sign-missing'
  | 'sign-type'
  | 'signature'
  | 'app-id'
  | 'seller-id'
  | 'fields'
  | 'total-amount';

/**
 * Verifies and reads a notification: first the signature over everything but `sign` and `sign_type`, then whether it
 * concerns our application and our account. The caller, who knows the payment, checks the amount. Never throws.
 */
export const readAlipayNotification = (
  { headers, body }: NotificationRequest,
  { appId, sellerId, alipayKey }: NotificationParties,
): Outcome<{ notification: VerifiedNotification }, NotificationRefusal> => {
  if (body.length > bodyBytesMax) return rejected('too-large');
  if (!isUtf8(/charset=\s*"?([\w-]+)/i.exec(headers['content-type'] ?? '')?.[1])) return rejected('charset');
  const decoded = decodeForm(body);
  if (decoded.outcome === 'rejected') return decoded;
  const { form } = decoded;
  if (!isUtf8(form.get('charset'))) return rejected('charset');

  const signature = form.get('sign');
  if (!signature) return rejected('sign-missing');
  // Alipay's own client also accepts `RSA`, which is SHA-1.
  if (form.get('sign_type') !== 'RSA2') return rejected('sign-type');
  form.delete('sign');
  form.delete('sign_type');
  if (!isSignedBy(signingText(form), signature, alipayKey)) return rejected('signature');

  if (form.get('app_id') !== appId) return rejected('app-id');
  if (form.get('seller_id') !== sellerId) return rejected('seller-id');
  const read = notificationSchema.safeParse(Object.fromEntries(form));
  if (!read.success) return rejected('fields');
  const meaning = meaningOf(read.data);
  if (meaning.outcome === 'rejected') return meaning;
  const { notify_id: notificationId, out_trade_no: paymentNumber } = read.data;
  return accepted({ notification: { notificationId, paymentNumber, says: meaning.says } });
};

/** Refuses GBK and the like by name, instead of as a bad signature: the cause is a setting at Alipay. */
const isUtf8 = (charset: string | undefined): boolean =>
  charset === undefined || charset.toLowerCase() === 'utf-8';

/** Decodes the form once. Refuses a key that occurs twice, because two readers could take different values. */
const decodeForm = (body: Buffer): Outcome<{ form: Map<string, string> }, BadForm> => {
  const form = new Map<string, string>();
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    for (const pair of text.split('&')) {
      const equals = pair.indexOf('=');
      if (equals < 1) return rejected('malformed');
      const [key, value] = [pair.slice(0, equals), pair.slice(equals + 1)].map((part) =>
        decodeURIComponent(part.replaceAll('+', ' ')),
      ) as [string, string];
      if (form.has(key)) return rejected('duplicate-key');
      form.set(key, value);
    }
    return accepted({ form });
  } catch {
    return rejected('malformed');
  }
};

/**
 * The meaning of the notification; rejected if it reports money without an amount. Refund notifications come to the
 * same address and also have the status TRADE_SUCCESS. This recognises them by the fields that only they have, before
 * it looks at the status, so that a refund can never count as a second payment.
 */
const meaningOf = (
  notification: AlipayNotification,
): Outcome<Pick<VerifiedNotification, 'says'>, 'total-amount'> => {
  if (speaksOfRefund(notification)) return accepted({ says: refundedBy(notification) });
  switch (notification.trade_status) {
    case 'TRADE_SUCCESS':
    case 'TRADE_FINISHED': {
      const paid = fromDecimal(notification.total_amount ?? '', alipayCurrency);
      if (!paid) return rejected('total-amount');
      const { trade_no: providerTrade, gmt_payment: paidAt } = notification;
      return accepted({ says: { kind: 'captured', providerTrade, paid, ...paidAtOf(momentIn(paidAt)) } });
    }
    case 'TRADE_CLOSED':
      return accepted({ says: { kind: 'closed' } });
    case 'WAIT_BUYER_PAY':
      return accepted({ says: { kind: 'other' } });
  }
};

const refundedBy = ({ out_biz_no: number }: AlipayNotification): VerifiedNotification['says'] => ({
  kind: 'refunded',
  ...(number && { refundNumber: number }),
});

const speaksOfRefund = ({
  out_biz_no: number,
  refund_fee: fee,
  gmt_refund: at,
}: AlipayNotification): boolean => Boolean(number) || Boolean(at) || (fee !== undefined && Number(fee) !== 0);

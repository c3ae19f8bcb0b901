import { isUtf8 } from 'node:buffer';
import { money } from '../../platform/money.ts';
import { accepted, rejected, type Outcome } from '../../platform/outcome.ts';
import { paidAtOf, type NotificationRequest, type VerifiedNotification } from '../provider.ts';
import { decrypt } from './decrypt.ts';
import { jsonOf } from '../json-of.ts';
import { momentIn } from './local-time.ts';
import { envelopeSchema, refundNoticeSchema, transactionSchema, type Transaction } from './model.ts';
import { verifySigned, type PlatformKeys, type SignatureRefusal } from './verify.ts';

export type NotificationParties = {
  appId: string;
  mchId: string;
  apiV3Key: string;
  platformKeys: PlatformKeys;
};

/** WeChat Pay's notifications have about two kilobytes. */
const bodyBytesMax = 64 * 1024;

/** The check that a notification fails. Asking again never helps: the same request always fails it. */
type NotificationRefusal =
  | 'too-large'
  | SignatureRefusal
  | 'malformed'
  | 'ciphertext'
  | 'fields'
  | 'app-id'
  | 'mch-id'
  | 'total-amount';

type Read = Outcome<{ notification: VerifiedNotification }, NotificationRefusal>;

/**
 * Verifies, decrypts and reads a notification: first the signature over the raw bytes, then the tag of the content, then whether
 * it concerns our merchant and our application. The caller, who knows the payment, checks the amount. Never throws.
 */
export const readWechatpayNotification = (
  request: NotificationRequest,
  parties: NotificationParties,
): Read => {
  if (request.body.length > bodyBytesMax) return rejected('too-large');
  const verified = verifySigned(request, parties.platformKeys);
  if (verified.outcome === 'rejected') return verified;
  const envelope = envelopeSchema.safeParse(parsed(request.body));
  if (!envelope.success) return rejected('malformed');
  const { id, resource } = envelope.data;
  const decrypted = decrypt(resource, parties.apiV3Key);
  if (decrypted.outcome === 'rejected') return decrypted;
  const content = parsed(decrypted.content);
  const isRefund = resource.original_type === 'refund' || envelope.data.event_type.startsWith('REFUND.');
  return isRefund ? readRefund(id, content, parties) : readTransaction(id, content, parties);
};

/** Bytes that are no UTF-8 are no text that WeChat Pay wrote. */
const parsed = (bytes: Buffer): unknown => (isUtf8(bytes) ? jsonOf(bytes.toString('utf8')) : undefined);

/** A refund's notification goes to the address of its request, and is never a payment. */
const readRefund = (notificationId: string, content: unknown, { mchId }: NotificationParties): Read => {
  const read = refundNoticeSchema.safeParse(content);
  if (!read.success) return rejected('fields');
  if (read.data.mchid !== mchId) return rejected('mch-id');
  const says = { kind: 'refunded', refundNumber: read.data.out_refund_no } as const;
  return accepted({ notification: { notificationId, paymentNumber: read.data.out_trade_no, says } });
};

const readTransaction = (
  notificationId: string,
  content: unknown,
  { appId, mchId }: NotificationParties,
): Read => {
  const read = transactionSchema.safeParse(content);
  if (!read.success) return rejected('fields');
  if (read.data.mchid !== mchId) return rejected('mch-id');
  if (read.data.appid !== appId) return rejected('app-id');
  const meaning = meaningOf(read.data);
  if (meaning.outcome === 'rejected') return meaning;
  return accepted({
    notification: { notificationId, paymentNumber: read.data.out_trade_no, says: meaning.says },
  });
};

const meaningOf = ({
  trade_state: state,
  transaction_id: providerTrade,
  amount,
  success_time: successTime,
}: Transaction): Outcome<Pick<VerifiedNotification, 'says'>, 'total-amount' | 'fields'> => {
  switch (state) {
    case 'SUCCESS':
      if (!amount) return rejected('total-amount');
      if (!providerTrade) return rejected('fields');
      return accepted({
        says: {
          kind: 'captured',
          providerTrade,
          paid: money(amount.total, amount.currency),
          ...paidAtOf(momentIn(successTime)),
        },
      });
    case 'REFUND':
      return accepted({ says: { kind: 'refunded' } });
    case 'CLOSED':
    case 'REVOKED':
      return accepted({ says: { kind: 'closed' } });
    case 'NOTPAY':
    case 'USERPAYING':
    case 'PAYERROR':
      return accepted({ says: { kind: 'other' } });
  }
};

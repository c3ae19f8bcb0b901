import { isUtf8 } from 'node:buffer';
import { money } from '../../platform/money.ts';
import { accepted, rejected, type Outcome } from '../../platform/outcome.ts';
import { instantOf } from '../../platform/time.ts';
import { paidAtOf, type NotificationRequest, type VerifiedNotification } from '../provider.ts';
import { jsonOf } from '../json-of.ts';
import { eventSchema, intentSchema, paymentNumberIn, refundNumberIn } from './model.ts';
import { verifySigned, type SignatureRefusal } from './verify.ts';

/** An event with its object; Stripe's are at most some tens of kilobytes. */
const bodyBytesMax = 256 * 1024;

type NotificationRefusal = 'too-large' | SignatureRefusal | 'malformed' | 'fields';

/**
 * Verifies and reads an event. Events come twice and in any order, so this trusts the state of the object that one carries
 * and not the order. An event about something that is not ours needs no action. Never throws.
 */
export const readStripeNotification = (
  { headers, body, receivedAt }: NotificationRequest,
  webhookSecrets: readonly string[],
): Outcome<{ notification: VerifiedNotification }, NotificationRefusal> => {
  if (body.length > bodyBytesMax) return rejected('too-large');
  const verified = verifySigned({ header: headers['stripe-signature'], body, receivedAt }, webhookSecrets);
  if (verified.outcome === 'rejected') return verified;
  const event = eventSchema.safeParse(isUtf8(body) ? jsonOf(body.toString('utf8')) : undefined);
  if (!event.success) return rejected('malformed');
  const { id: notificationId, type, data, created } = event.data;
  const { metadata } = data.object;
  const paymentNumber = paymentNumberIn(metadata) ?? '';
  const refundNumber = refundNumberIn(metadata);
  const notification = (says: VerifiedNotification['says']) =>
    accepted({ notification: { notificationId, paymentNumber, says } });
  if (paymentNumber === '') return notification({ kind: 'other' });
  // `charge.refunded` has the charge, with the metadata of its payment alone.
  if (/^(?:charge\.)?refund/.test(type))
    return notification({ kind: 'refunded', ...(refundNumber !== undefined && { refundNumber }) });
  if (!type.startsWith('payment_intent.')) return notification({ kind: 'other' });
  const intent = intentSchema.safeParse(data.object);
  if (!intent.success) return rejected('fields');
  const { id: providerTrade, status, amount_received: received, currency } = intent.data;
  if (status === 'canceled') return notification({ kind: 'closed' });
  if (status !== 'succeeded') return notification({ kind: 'other' });
  const paid = money(received, currency.toUpperCase());
  // Stripe makes the event when the money has come.
  const paidAt = paidAtOf(created === undefined ? undefined : instantOf(created * 1000));
  return notification({ kind: 'captured', providerTrade, paid, ...paidAt });
};

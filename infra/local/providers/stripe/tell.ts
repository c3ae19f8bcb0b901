import { randomBytes } from 'node:crypto';
import type { Instant } from '../../../../shared/platform/time.ts';
import { newDelivery, type Delivery, type Tell, type Telling } from '../delivery.ts';
import { amountText } from '../formats.ts';
import type { Received } from '../post.ts';
import type { Trade } from '../trade.ts';
import type { SandboxKeys } from './keys.ts';
import { intentOf, refundOf, secondsOf } from './objects.ts';

const hours = (count: number): number => count * 3600;
/**
 * Stripe repeats an event for three days with growing intervals (source: "Webhooks" of its documentation, which gives no
 * numbers).
 */
export const retryAfterSeconds = [
  60,
  300,
  1800,
  hours(2),
  hours(5),
  hours(10),
  hours(10),
  hours(12),
  hours(12),
  hours(12),
];

export const isTaken = ({ status = 0 }: Received): boolean => status >= 200 && status < 300;

const eventOf = (trade: Trade, telling: Telling): { type: string; object: Record<string, unknown> } => {
  switch (telling.of) {
    case 'paid':
      return {
        type: 'payment_intent.succeeded',
        object: intentOf({ ...trade, status: 'paid' }, telling.total),
      };
    case 'waiting':
      return { type: 'payment_intent.created', object: intentOf({ ...trade, status: 'waiting' }) };
    case 'closed':
      return { type: 'payment_intent.canceled', object: intentOf(trade) };
    case 'refund':
      return { type: 'refund.created', object: refundOf(trade, telling.refund) };
  }
};

/** The webhook of an account has one address; the sandbox sends to the one that the payment names, or to the account's. */
export const teller =
  (webhookUrl: string | undefined): Tell =>
  (trade, telling, now, how = {}) => {
    const url = trade.notifyUrl ?? webhookUrl;
    if (!url) return [];
    const { type, object } = eventOf(trade, telling);
    const id = how.id ? `evt_${how.id}` : `evt_${randomBytes(12).toString('hex')}`;
    const total =
      telling.of === 'refund'
        ? telling.refund.amount
        : (telling.of === 'paid' && telling.total) || trade.total;
    const title = `${type} · ${amountText(total, trade.currency)}`;
    const content = { id, object: 'event', created: secondsOf(now), livemode: false, type, data: { object } };
    return [newDelivery(trade, { url, id, title, content }, now, how)];
  };

/** The event, signed again for each attempt. */
export const signedEvent = (
  { content, forged }: Delivery,
  keys: Pick<SandboxKeys, 'sign' | 'signAsForger'>,
  now: Instant,
): { headers: Record<string, string>; body: string } => {
  const body = JSON.stringify(content);
  const signature = (forged ? keys.signAsForger : keys.sign)(body, secondsOf(now));
  return {
    headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature },
    body,
  };
};

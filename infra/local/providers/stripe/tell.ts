import { randomBytes } from 'node:crypto';
import type { Instant } from '../../../../shared/platform/time.ts';
import { newDelivery, type Delivery, type Tell, type Telling } from '../delivery.ts';
import { amountText } from '../formats.ts';
import type { Received } from '../post.ts';
import type { Trade } from '../trade.ts';
import type { SandboxKeys } from './keys.ts';
import { chargeOf, intentOf, refundOf, secondsOf } from './objects.ts';

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

type Event = { type: string; object: Record<string, unknown> };

/** A new refund is told of as a change of its charge, too. */
const eventsOf = (trade: Trade, telling: Telling): Event[] => {
  switch (telling.of) {
    case 'paid': {
      const object = intentOf({ ...trade, status: 'paid' }, telling.total);
      return [{ type: 'payment_intent.succeeded', object }];
    }
    case 'waiting':
      return [{ type: 'payment_intent.created', object: intentOf({ ...trade, status: 'waiting' }) }];
    case 'closed':
      return [{ type: 'payment_intent.canceled', object: intentOf(trade) }];
    case 'refund': {
      const { state } = telling.refund;
      const object = refundOf(trade, telling.refund);
      if (state !== undefined && state !== 'waits')
        return [{ type: state === 'failed' ? 'refund.failed' : 'refund.updated', object }];
      return [
        { type: 'refund.created', object },
        { type: 'charge.refunded', object: chargeOf(trade) },
      ];
    }
  }
};

/** The webhook of an account has one address; the sandbox sends to the one that the payment names, or to the account's. */
export const teller =
  (webhookUrl: string | undefined): Tell =>
  (trade, telling, now, how = {}) => {
    const url = trade.notifyUrl ?? webhookUrl;
    if (!url) return [];
    const total =
      telling.of === 'refund'
        ? telling.refund.amount
        : (telling.of === 'paid' && telling.total) || trade.total;
    return eventsOf(trade, telling).map(({ type, object }) => {
      const id = `evt_${how.id ?? randomBytes(12).toString('hex')}`;
      const title = `${type} · ${amountText(total, trade.currency)}`;
      const content = {
        id,
        object: 'event',
        created: secondsOf(now),
        livemode: false,
        type,
        data: { object },
      };
      return newDelivery(trade, { url, id, title, content }, now, how);
    });
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

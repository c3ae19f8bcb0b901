import { millisecondsOf, type Instant } from '../../../../shared/platform/time.ts';
import { refundedOf, type Trade, type TradeRefund } from '../trade.ts';

export const secondsOf = (instant: Instant): number => Math.floor(millisecondsOf(instant) / 1000);

const statuses = { waiting: 'requires_payment_method', paid: 'succeeded', closed: 'canceled' } as const;

const metadataOf = (trade: Trade): Record<string, string> =>
  JSON.parse(trade.more?.['metadata'] ?? '{}') as Record<string, string>;

/** A PaymentIntent; `total` is another amount than the trade's. */
export const intentOf = (trade: Trade, total = trade.total): Record<string, unknown> => ({
  id: trade.tradeNo,
  object: 'payment_intent',
  amount: trade.total,
  amount_capturable: 0,
  amount_received: trade.status === 'paid' ? total : 0,
  automatic_payment_methods: { allow_redirects: 'always', enabled: true },
  canceled_at: trade.closedAt ? secondsOf(trade.closedAt) : null,
  capture_method: 'automatic_async',
  client_secret: trade.more?.['clientSecret'] ?? null,
  confirmation_method: 'automatic',
  created: secondsOf(trade.createdAt),
  currency: trade.currency.toLowerCase(),
  description: trade.subject,
  latest_charge: trade.paidAt ? trade.tradeNo.replace('pi_', 'ch_') : null,
  livemode: false,
  metadata: metadataOf(trade),
  payment_method_types: ['card'],
  status: statuses[trade.status],
});

export const refundOf = (
  trade: Trade,
  { outRequestNo, amount, at, state = 'done' }: TradeRefund,
): Record<string, unknown> => ({
  id: outRequestNo,
  object: 'refund',
  amount,
  charge: trade.tradeNo.replace('pi_', 'ch_'),
  created: secondsOf(at),
  currency: trade.currency.toLowerCase(),
  metadata: JSON.parse(trade.more?.[outRequestNo] ?? '{}') as Record<string, string>,
  payment_intent: trade.tradeNo,
  reason: null,
  status: refundStatuses[state],
  ...(state === 'failed' && { failure_reason: 'lost_or_stolen_card' }),
});

const refundStatuses = {
  waits: 'pending',
  done: 'succeeded',
  abnormal: 'requires_action',
  closed: 'canceled',
  failed: 'failed',
} as const;

/** The charge of a paid trade; it has the metadata of its PaymentIntent. */
export const chargeOf = (trade: Trade): Record<string, unknown> => ({
  id: trade.tradeNo.replace('pi_', 'ch_'),
  object: 'charge',
  amount: trade.total,
  amount_captured: trade.total,
  amount_refunded: refundedOf(trade),
  balance_transaction: trade.tradeNo.replace('pi_', 'txn_'),
  captured: true,
  created: secondsOf(trade.paidAt ?? trade.createdAt),
  currency: trade.currency.toLowerCase(),
  metadata: metadataOf(trade),
  paid: true,
  payment_intent: trade.tradeNo,
  refunded: leftOf(trade) === 0,
  status: 'succeeded',
});

/** The same with its balance transaction. */
export const chargeWithMovement = (trade: Trade): Record<string, unknown> => {
  const charge = chargeOf(trade);
  const created = secondsOf(trade.paidAt ?? trade.createdAt);
  const movement = { id: charge['balance_transaction'], object: 'balance_transaction', created };
  return { ...charge, balance_transaction: movement };
};

/** What is left of a trade for refunds. */
export const leftOf = (trade: Trade): number => trade.total - refundedOf(trade);

import type { Snapshot } from '../../shared/audit/model.ts';
import type { OrderState } from '../../shared/orders/model.ts';
import { isUnapplied, isUnfinished } from '../../shared/payments/model.ts';
import type { Wrong } from './safety.ts';

const restingStates: ReadonlySet<OrderState> = new Set([
  'issued',
  'expired',
  'cancelled',
  'refunded',
  'void',
]);

/** What is still on its way: at rest, nothing is. */
export const stillMoving = ({ orders }: Snapshot): Wrong[] =>
  orders.flatMap(({ orderId, order, payments, refunds }) => {
    const moving: string[] = [];
    if (order && !restingStates.has(order.state)) moving.push(`the order ${orderId} is ${order.state}`);
    if (order?.inDueIndex) moving.push(`the order ${orderId} is ${order.state} and still due`);
    for (const payment of payments) {
      if (isUnfinished(payment)) moving.push(`the payment ${payment.paymentId} is ${payment.state}`);
      if (isUnapplied(payment)) moving.push(`the money of ${payment.paymentId} is of no use yet`);
      if (payment.inDueIndex) moving.push(`the payment ${payment.paymentId} is still due`);
    }
    for (const { refundNumber, state, inDueIndex } of refunds) {
      // What was paid by hand is asked about for a month: the provider may pay it as well.
      if (state !== 'settled' && (state !== 'succeeded' || inDueIndex))
        moving.push(`the refund ${refundNumber} is ${state}`);
    }
    return moving.map((what) => ({ rule: 'comes-to-rest', what }));
  });

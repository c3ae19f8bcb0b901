import { paymentSchema, type Payment } from '../../shared/payments/model.ts';
import { paymentIdOf } from '../../shared/platform/ids.ts';
import { plusSeconds } from '../../shared/platform/time.ts';
import { sampleOrder } from './sample-order.ts';

const order = sampleOrder('held');

/** The order's first payment (or its n-th) at Alipay, begun ten seconds after the order. */
export const samplePayment = (
  state: Payment['state'],
  { n = 1, ...more }: Partial<Payment> & { n?: number } = {},
): Payment =>
  paymentSchema.parse({
    orderId: order.orderId,
    paymentId: paymentIdOf(order.orderId, n),
    provider: 'alipay',
    state,
    amount: order.amount,
    createdAt: plusSeconds(order.createdAt, 10),
    expiresAt: order.expiresAt,
    ...more,
  });

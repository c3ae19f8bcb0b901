import type { Order } from '../orders/model.ts';
import type { Payment } from '../payments/model.ts';
import { accepted, never, rejected, type Outcome } from '../platform/outcome.ts';
import type { Instant } from '../platform/time.ts';

/** Whether a payment can still be handed out, or paid where it was: its order waits for it, and its time is not up. */
const isPayable = (payment: Payment, order: Order | undefined, now: Instant): boolean =>
  order?.state === 'held' && payment.expiresAt > now;

/**
 * What a repeated request is answered with: the payment that the first one began, as long as it can be paid, and once
 * it is paid. Otherwise why it cannot be: `payment-ended` leaves it to the client to begin another.
 */
export const decideRepeated = (
  payment: Payment,
  order: Order | undefined,
  now: Instant,
): Outcome<{ payment: Payment }, 'order-not-held' | 'payment-ended'> => {
  const payable = isPayable(payment, order, now);
  switch (payment.state) {
    case 'created':
    case 'pending':
      return payable ? accepted({ payment }) : rejected('order-not-held');
    case 'captured':
    case 'partlyRefunded':
    case 'refunded':
      return accepted({ payment });
    case 'closed':
    case 'failed':
      return rejected(payable ? 'payment-ended' : 'order-not-held');
    default:
      return never(payment.state);
  }
};

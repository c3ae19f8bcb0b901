import { answerKeptUntil } from '../bookings/kept-until.ts';
import type { Order } from '../orders/model.ts';
import { isUnfinished, type Payment, type PaymentIn } from '../payments/model.ts';
import type { PaymentProvider } from '../payments/provider.ts';
import type { Carrier } from '../platform/carrier.ts';
import { paymentIdOf, type UserId } from '../platform/ids.ts';
import { accepted, never, rejected, type Outcome } from '../platform/outcome.ts';
import { plusSeconds, type Instant } from '../platform/time.ts';
import type { Run } from '../timetable/model.ts';
import type { StartPaymentRefusal } from './rules.ts';

const paymentsMax = 20;

/** Each of them must be closed at its provider before the order gives up its seats. */
const unfinishedPaymentsMax = 3;

type StartCommand = {
  userId: UserId;
  provider: Pick<PaymentProvider, 'name' | 'currencies'>;
  /** One of the provider's methods; `decideMethod` chose it. */
  method: string;
};
type Started = { payment: PaymentIn<'created'>; keptUntil: Instant };

type Loaded = { order: Order | undefined; payments: readonly Payment[]; run: Run | undefined };

/** T6: whether a payment starts for an order, and which. The write repeats that the order is held. */
export const decideStart = (
  { order, payments, run }: Loaded,
  { userId, provider, method }: StartCommand,
  carrier: Carrier,
  now: Instant,
): Outcome<Started, StartPaymentRefusal> => {
  if (!order || order.state === 'void' || order.userId !== userId) return rejected('not-found');
  if (order.state !== 'held') return rejected('order-not-held');
  if (order.amount.amount === 0) return rejected('nothing-to-pay');
  if (plusSeconds(now, carrier.paymentNeedsSeconds) > order.expiresAt)
    return rejected('too-little-time-left');
  if (!provider.currencies.includes(order.amount.currency)) return rejected('currency-unsupported');
  if (payments.length >= paymentsMax) return rejected('too-many-payments');
  if (payments.filter(isUnfinished).length >= unfinishedPaymentsMax)
    return rejected('too-many-unfinished-payments');
  if (run?.state === 'closed') return rejected('not-on-sale');
  return accepted({
    keptUntil: answerKeptUntil(order.arrivesAt, carrier),
    payment: {
      orderId: order.orderId,
      // If several start at once after reading the same payments, this number lets only one be written.
      paymentId: paymentIdOf(order.orderId, payments.length + 1),
      provider: provider.name,
      method,
      state: 'created',
      amount: order.amount,
      createdAt: now,
      expiresAt: order.expiresAt,
    },
  });
};

/** Whether the client may still get a payment, or pay it: its order waits for it, and its time is not over. */
const isPayable = (payment: Payment, order: Order | undefined, now: Instant): boolean =>
  order?.state === 'held' && payment.expiresAt > now;

/**
 * The answer to a repeated request: the payment that the first request started, if it is payable or paid. Otherwise the
 * reason; after `payment-ended` the client may start another.
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
      return never(payment);
  }
};

/**
 * Decides about a payment that this request could not hand out. If the client sent the request twice at once, the other
 * copy has handed it out, and it must stay payable; otherwise the payment was closed first.
 */
export const decideNotHandedOut = (
  current: Payment | undefined,
): Outcome<{ payment: Payment }, 'order-not-held'> =>
  current && current.state !== 'closed' ? accepted({ payment: current }) : rejected('order-not-held');

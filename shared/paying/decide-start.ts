import { answerKeptUntil } from '../bookings/kept-until.ts';
import type { Entry, EntryIn } from '../entries/model.ts';
import type { Order, OrderIn } from '../orders/model.ts';
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

type Loaded = {
  order: Order | undefined;
  /** An entry of the waitlist with the id of the order, if there is no order. */
  entry?: Entry | undefined;
  payments: readonly Payment[];
  run: Run | undefined;
};

/** What a payment collects money for: an order that holds seats, or an entry of the waitlist. */
export type Payable = OrderIn<'held'> | EntryIn<'unpaid'>;

/** What this user may pay for now under this id. */
export const payableOf = (
  { order, entry }: Pick<Loaded, 'order' | 'entry'>,
  userId: UserId,
): Outcome<{ payable: Payable }, 'not-found' | 'order-not-held'> => {
  if (order?.state === 'void' || (order?.userId ?? entry?.ownerId) !== userId) return rejected('not-found');
  if (order) return order.state === 'held' ? accepted({ payable: order }) : rejected('order-not-held');
  return entry?.state === 'unpaid' ? accepted({ payable: entry }) : rejected('order-not-held');
};

/** T6: whether a payment starts for an order, and which. The write repeats that the order is held. */
export const decideStart = (
  { order, entry, payments, run }: Loaded,
  { userId, provider, method }: StartCommand,
  carrier: Carrier,
  now: Instant,
): Outcome<Started, StartPaymentRefusal> => {
  const found = payableOf({ order, entry }, userId);
  if (found.outcome === 'rejected') return found;
  const { payable } = found;
  if (payable.amount.amount === 0) return rejected('nothing-to-pay');
  if (plusSeconds(now, carrier.paymentNeedsSeconds) > payable.expiresAt)
    return rejected('too-little-time-left');
  if (!provider.currencies.includes(payable.amount.currency)) return rejected('currency-unsupported');
  if (payments.length >= paymentsMax) return rejected('too-many-payments');
  if (payments.filter(isUnfinished).length >= unfinishedPaymentsMax)
    return rejected('too-many-unfinished-payments');
  if (run?.state === 'closed') return rejected('not-on-sale');
  const orderId = 'orderId' in payable ? payable.orderId : payable.entryId;
  return accepted({
    keptUntil: answerKeptUntil(payable.arrivesAt, carrier),
    payment: {
      orderId,
      // If several start at once after reading the same payments, this number lets only one be written.
      paymentId: paymentIdOf(orderId, payments.length + 1),
      provider: provider.name,
      method,
      state: 'created',
      amount: payable.amount,
      createdAt: now,
      expiresAt: payable.expiresAt,
    },
  });
};

/** Whether the client may still get a payment, or pay it: its order waits for it, and its time is not over. */
const isPayable = (payment: Payment, standing: Order | Entry | undefined, now: Instant): boolean =>
  (standing?.state === 'held' || standing?.state === 'unpaid') && payment.expiresAt > now;

/**
 * The answer to a repeated request: the payment that the first request started, if it is payable or paid. Otherwise the
 * reason; after `payment-ended` the client may start another.
 */
export const decideRepeated = (
  payment: Payment,
  standing: Order | Entry | undefined,
  now: Instant,
): Outcome<{ payment: Payment }, 'order-not-held' | 'payment-ended'> => {
  const payable = isPayable(payment, standing, now);
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

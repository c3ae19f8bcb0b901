import { putReplay, readReplay, type IdempotencyScope } from '../bookings/idempotency-store.ts';
import type { Order, StandingOrder } from '../orders/model.ts';
import { readOrder } from '../orders/store.ts';
import { checkHeld } from '../orders/transitions-store.ts';
import { isUnfinished, type Payment } from '../payments/model.ts';
import type { PaymentProvider } from '../payments/provider.ts';
import { listPayments, markPending, putPayment, readPayment } from '../payments/store.ts';
import type { Carrier } from '../platform/carrier.ts';
import { writeTogether, type Table } from '../platform/dynamo.ts';
import { paymentIdOf, type OrderId, type UserId } from '../platform/ids.ts';
import { answerKeptUntil } from '../bookings/kept-until.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { plusSeconds, type Clock, type Instant } from '../platform/time.ts';
import { readFrozenRun } from '../timetable/store.ts';
import { decideRepeated } from './repeated-payment.ts';

export type StartPaymentRefusal =
  | 'not-found'
  | 'order-not-held'
  | 'not-on-sale'
  | 'too-little-time-left'
  | 'too-many-payments'
  | 'too-many-unfinished-payments'
  | 'currency-unsupported'
  | 'payment-ended'
  | 'key-reused'
  | 'busy';

type Dependencies = { bookings: Table; timetable: Table; clock: Clock; carrier: Carrier; notifyUrl: string };

type Wish = {
  orderId: OrderId;
  userId: UserId;
  provider: PaymentProvider;
  returnUrl: string | undefined;
  scope: IdempotencyScope;
};

const paymentsMax = 20;

/** Each of them must be closed at its provider before the seats are given up. */
const unfinishedPaymentsMax = 3;
const attemptsMax = 4;

/**
 * T6: stores the intent while the order is held, then makes what the client needs to pay, and hands it out only if
 * the payment could be marked as pending. A client that repeats the request gets the same payment.
 */
export const startPayment =
  (dependencies: Dependencies) =>
  async (wish: Wish): Promise<Outcome<{ payment: Payment }, StartPaymentRefusal>> => {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const outcome = await startOnce(dependencies, wish);
      if (outcome !== 'changed-meanwhile') return outcome;
    }
    return rejected('busy');
  };

/** The same request sent twice at once finds the payment of the other; another payment's number is the next one. */
const startOnce = async (
  dependencies: Dependencies,
  wish: Wish,
): Promise<Outcome<{ payment: Payment }, StartPaymentRefusal> | 'changed-meanwhile'> => {
  const { bookings, clock } = dependencies;
  const replay = await readReplay(bookings, wish.scope, clock());
  if (replay.outcome === 'reused') return rejected('key-reused');
  const payments = await listPayments(bookings, wish.orderId);
  const begun = replay.outcome === 'same' && payments.find(({ paymentId }) => paymentId === replay.answer);
  // Begun before, and the answer was lost between storing the intent and handing it out: go on from there.
  if (begun) return handOut(dependencies, wish, begun);

  const order = await readOrder(bookings, wish.orderId, { consistent: true });
  const decision = decide(dependencies, order, payments, wish);
  if (decision.outcome === 'rejected') return decision;
  const { payment, keptUntil } = decision;
  // A run that was closed a moment ago may be missed: then the money goes back (T16).
  if (await isRunClosed(dependencies, order)) return rejected('not-on-sale');
  const outcome = await writeTogether(bookings.client, [
    { label: 'order', write: checkHeld(bookings, payment.orderId, payment.createdAt) },
    { label: 'payment', write: putPayment(bookings, payment) },
    { label: 'replay', write: putReplay(bookings, wish.scope, { answer: payment.paymentId, keptUntil }) },
  ]);
  if (outcome.outcome === 'written') return handOut(dependencies, wish, payment);
  const isHeld = outcome.refused.every(({ label }) => label !== 'order');
  return isHeld ? 'changed-meanwhile' : rejected('order-not-held');
};

const isRunClosed = async ({ timetable }: Dependencies, order: Order | undefined): Promise<boolean> => {
  if (!order || order.state === 'void') return false;
  return (await readFrozenRun(timetable, order.runId))?.state === 'closed';
};

type Created = Payment & { state: 'created' };

const decide = (
  { carrier, clock }: Dependencies,
  order: Order | undefined,
  payments: readonly Payment[],
  { userId, provider }: Wish,
): Outcome<{ payment: Created; keptUntil: Instant }, StartPaymentRefusal> => {
  if (!order || order.state === 'void' || order.userId !== userId) return rejected('not-found');
  if (order.state !== 'held') return rejected('order-not-held');
  const now = clock();
  if (plusSeconds(now, carrier.paymentNeedsSeconds) > order.expiresAt)
    return rejected('too-little-time-left');
  if (!provider.currencies.includes(order.amount.currency)) return rejected('currency-unsupported');
  if (payments.length >= paymentsMax) return rejected('too-many-payments');
  if (payments.filter(isUnfinished).length >= unfinishedPaymentsMax)
    return rejected('too-many-unfinished-payments');
  return accepted({
    keptUntil: answerKeptUntil(order.arrivesAt, carrier),
    payment: {
      orderId: order.orderId,
      // Of several that are begun at once, having read the same payments, this number lets one be written.
      paymentId: paymentIdOf(order.orderId, payments.length + 1),
      provider: provider.name,
      state: 'created',
      amount: order.amount,
      createdAt: now,
      expiresAt: order.expiresAt,
    },
  });
};

const subjectOf = ({ trip, from, to }: StandingOrder): string => `${trip} ${from.name} → ${to.name}`;

/**
 * The second half of T6, for a payment just begun and for a request that is repeated. A payment that was begun and not
 * handed out is not handed out later, when its order is on its way out.
 */
const handOut = async (
  { bookings, clock, notifyUrl }: Dependencies,
  { provider, returnUrl }: Wish,
  payment: Payment,
): Promise<Outcome<{ payment: Payment }, StartPaymentRefusal>> => {
  const order = await readOrder(bookings, payment.orderId, { consistent: true });
  const decision = decideRepeated(payment, order, clock());
  if (decision.outcome === 'rejected' || payment.state !== 'created') return decision;
  if (order?.state !== 'held') return rejected('order-not-held');
  const action = await provider.begin(payment, { subject: subjectOf(order), returnUrl, notifyUrl });
  if (await markPending(bookings, payment, action)) {
    return accepted({ payment: { ...payment, state: 'pending', action } });
  }
  const stands = await readPayment(bookings, payment.paymentId);
  // The same request sent twice at once: the other one has handed the payment out, and it must stay payable.
  if (stands && stands.state !== 'closed') return accepted({ payment: stands });
  // The closer was quicker: what was begun at the provider must not stay payable.
  await provider.close(payment);
  return rejected('order-not-held');
};

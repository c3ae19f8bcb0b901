import { journeyIn } from '../timetable/rules.ts';
import { putReplay, readReplay, type IdempotencyScope } from '../bookings/idempotency-store.ts';
import { checkUnpaid, readEntry } from '../entries/store.ts';
import { readOrder } from '../orders/store.ts';
import { checkHeld } from '../orders/transitions-store.ts';
import type { Payment } from '../payments/model.ts';
import type { PayingDevice, PaymentProvider } from '../payments/provider.ts';
import { listPayments, markPending, putPayment, readPayment } from '../payments/store.ts';
import type { Carrier } from '../platform/carrier.ts';
import { decideAnew } from '../platform/decide-anew.ts';
import { writeTogether, type Table } from '../platform/dynamo.ts';
import type { OrderId, UserId } from '../platform/ids.ts';
import { accepted, rejected, type Outcome, type Rejected } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import { isTransient } from '../platform/transient.ts';
import { readFrozenRun } from '../timetable/store.ts';
import { reportRefusal } from './report-refusal.ts';
import { decideNotHandedOut, decideRepeated, decideStart, payableOf, type Payable } from './decide-start.ts';
import type { StartPaymentRefusal } from './rules.ts';

type Started = Outcome<{ payment: Payment }, StartPaymentRefusal>;

type Dependencies = { bookings: Table; timetable: Table; clock: Clock; carrier: Carrier; notifyUrl: string };

type Wish = {
  orderId: OrderId;
  userId: UserId;
  provider: PaymentProvider;
  /** One of the provider's methods. A repeated request keeps that of the first. */
  method: string;
  device: PayingDevice;
  returnUrl: string | undefined;
  scope: IdempotencyScope;
};

/** The number of decisions about one payment, if another starts at the same moment. */
const attemptsMax = 4;

/**
 * T6: stores the intent while the order is held, then makes what the client needs to pay, and returns it only after it
 * has marked the payment as pending. A client that repeats the request gets the same payment.
 */
export const startPayment =
  (dependencies: Dependencies) =>
  async (wish: Wish): Promise<Started> => {
    const started = await decideAnew(attemptsMax, () => startOnce(dependencies, wish));
    if (started.outcome === 'accepted') return started;
    return rejected(started.reason === 'changed-meanwhile' ? 'busy' : started.reason);
  };

/**
 * If the same request comes twice at once, this finds the payment of the other copy; another payment takes the next
 * number.
 */
const startOnce = async (
  dependencies: Dependencies,
  wish: Wish,
): Promise<Started | Rejected<'changed-meanwhile'>> => {
  const { bookings, timetable, carrier, clock, notifyUrl } = dependencies;
  const replay = await readReplay(bookings, wish.scope, clock());
  if (replay.outcome === 'reused') return rejected('key-reused');
  const payments = await listPayments(bookings, wish.orderId);
  const earlier = replay.outcome === 'same' && payments.find(({ paymentId }) => paymentId === replay.answer);
  // An earlier request stored the intent, and its answer was lost before the client got it: continues from there.
  if (earlier) return handOut(dependencies, wish, earlier);

  const { order, entry } = await readPayable(bookings, wish.orderId);
  // This may miss a run that was closed a moment ago: then the money goes back (T16).
  const run = order?.state === 'held' ? await readFrozenRun(timetable, order.runId) : undefined;
  const decision = decideStart({ order, entry, payments, run }, wish, carrier, clock());
  if (decision.outcome === 'rejected') return decision;
  const { keptUntil } = decision;
  const payment = { ...decision.payment, notifyUrl };
  const outcome = await writeTogether(bookings.client, [
    {
      label: 'order',
      write: (entry ? checkUnpaid : checkHeld)(bookings, payment.orderId, payment.createdAt),
    },
    { label: 'payment', write: putPayment(bookings, payment) },
    { label: 'replay', write: putReplay(bookings, wish.scope, { answer: payment.paymentId, keptUntil }) },
  ]);
  if (outcome.outcome === 'written') return handOut(dependencies, wish, payment);
  const isHeld = outcome.refused.every(({ label }) => label !== 'order');
  return rejected(isHeld ? 'changed-meanwhile' : 'order-not-held');
};

/** An order, or the entry of the waitlist that may become it. */
const readPayable = async (bookings: Table, orderId: OrderId) => {
  const order = await readOrder(bookings, orderId, { consistent: true });
  return { order, entry: order ? undefined : await readEntry(bookings, orderId) };
};

/** A passenger on the waitlist pays for the first of the wishes. */
const subjectOf = (payable: Payable): string => {
  const journey = 'wishes' in payable ? payable.wishes[0] : payable;
  if (!journey) throw new Error('an entry has a wish');
  const { trip, from, to } = journeyIn(payable.contact ? [payable.contact.locale] : [], journey);
  return `${trip} ${from.name} → ${to.name}`;
};

/**
 * The second half of T6, for a new payment and for a repeated request. If the client has not got the payment yet, it
 * does not get it later while its order is ending.
 */
const handOut = async (
  { bookings, clock, notifyUrl }: Dependencies,
  { userId, provider, returnUrl, device }: Wish,
  payment: Payment,
): Promise<Started> => {
  const standing = await readPayable(bookings, payment.orderId);
  const decision = decideRepeated(payment, standing.order ?? standing.entry, clock());
  if (decision.outcome === 'rejected' || payment.state !== 'created') return decision;
  const waiting = payableOf(standing, userId);
  if (waiting.outcome === 'rejected') return waiting;
  const { payable } = waiting;
  const begin = () => provider.begin(payment, { subject: subjectOf(payable), returnUrl, notifyUrl, device });
  const action = await begin().catch((error: unknown) => {
    // A mistake in keys or contract keeps every passenger from paying: operators must hear of the first.
    if (!isTransient(error)) reportRefusal(payment, error, clock());
    throw error;
  });
  const handedOut = await markPending(bookings, payment, action);
  if (handedOut.outcome === 'accepted')
    return accepted({ payment: { ...payment, state: 'pending', action } });
  const found = decideNotHandedOut(await readPayment(bookings, payment.paymentId));
  // What the provider has already created must not stay payable.
  if (found.outcome === 'rejected') await provider.close(payment);
  return found;
};

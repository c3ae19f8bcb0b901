import { endsOn } from '../orders/budgets.ts';
import { countEnded } from '../orders/counts-store.ts';
import { writeAndFree } from '../orders/free-claims.ts';
import { itemsOf, placesOf, type EndReason, type Order, type OrderIn } from '../orders/model.ts';
import { readOrder } from '../orders/store.ts';
import { closeOrder, endOrder, giveUpSeats } from '../orders/transitions-store.ts';
import { isUnapplied, isUnfinished, type Payment } from '../payments/model.ts';
import { checkSettled, listPayments } from '../payments/store.ts';
import type { Carrier } from '../platform/carrier.ts';
import { decideAnew } from '../platform/decide-anew.ts';
import { writeTogether, type Table } from '../platform/dynamo.ts';
import { accepted, rejected, type Rejected } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import { releaseSeats } from '../runs/release-seats.ts';
import { readFrozenRun } from '../timetable/store.ts';
import { applyPayment } from '../paying/apply-payment.ts';
import { claimsOf } from '../paying/claims-of.ts';
import { settlePayment } from '../paying/settle-payment.ts';
import type { FindProvider } from '../paying/ask-provider.ts';
import type { PurchaseWorkflow } from '../paying/workflow.ts';
import { asEnded, decideEnd, decideGiveUp, isGraceOver, type Ending } from './decide-end.ts';

export type EndDependencies = {
  bookings: Table;
  inventory: Table;
  timetable: Table;
  clock: Clock;
  carrier: Carrier;
  findProvider: FindProvider;
  workflow: PurchaseWorkflow;
};

/**
 * Closes an order whose hold is over (or which its user cancelled): first the order, then every payment at its
 * provider, and only then does it give up its seats; after the grace period the seats go first. Money that arrives on
 * the way pays the order after all. The caller passes the order that it read; this reads it again only if a write finds
 * it changed.
 */
export const closeForEnd =
  (dependencies: EndDependencies) =>
  async (order: Order | undefined, reason: EndReason): Promise<Ending> => {
    const ending = decideEnd(order?.state === 'held' ? await close(dependencies, order, reason) : order);
    return ending.outcome === 'closing' ? closePayments(dependencies, ending.order) : ending;
  };

/** T5, with the day on which the order counts as ended. Returns the order in its state afterwards, closed or not. */
const close = async (
  { bookings, carrier, clock }: EndDependencies,
  { orderId, expiresAt }: OrderIn<'held'>,
  reason: EndReason,
): Promise<Order | undefined> => {
  const now = clock();
  const day = endsOn(carrier, reason, { expiresAt, now });
  return (await closeOrder(bookings, orderId, { endReason: reason, endsOn: day, now })).order;
};

/** The number of tries to give up the seats, if a payment changes between the read and the write. */
const looksMax = 5;

/** A closed order gets no more payments: the listed ones are all. */
const closePayments = async (dependencies: EndDependencies, order: OrderIn<'closing'>): Promise<Ending> => {
  const { bookings, carrier, clock } = dependencies;
  const list = (): Promise<Payment[]> => listPayments(bookings, order.orderId);
  // After the grace period this gives up the seats without asking the providers: every payment has its own deadline, by
  // which it is closed.
  const isSettledFirst = !isGraceOver(order, carrier, clock());
  let listed: Payment[] | undefined = await list();
  if (isSettledFirst && listed.some(isUnfinished)) {
    // Settles all at once: together they take no longer than the slowest may.
    await Promise.all(listed.map(settlePayment(dependencies)));
    listed = undefined;
  }
  const given = await decideAnew(looksMax, async () => {
    const payments = listed ?? (await list());
    listed = undefined;
    return giveUpIfSettled(dependencies, order, payments);
  });
  if (given.outcome === 'accepted' || given.reason !== 'changed-meanwhile') return given;
  return { ...rejected('payments-unfinished'), order };
};

/**
 * T7, on condition that every payment is still as this read it. A payment that changes meanwhile never keeps the seats.
 */
const giveUpIfSettled = async (
  dependencies: EndDependencies,
  order: OrderIn<'closing'>,
  payments: readonly Payment[],
): Promise<Ending | Rejected<'changed-meanwhile'>> => {
  const { bookings, carrier, clock } = dependencies;
  for (const { paymentId } of payments.filter(isUnapplied)) await applyPayment(dependencies)(paymentId);
  const now = clock();
  const decided = decideGiveUp(order, payments, carrier, now);
  if (decided.outcome === 'accepted') {
    const given = giveUpSeats(bookings, order, { now, expiredBy: decided.expiredBy });
    const outcome = await writeTogether(bookings.client, [
      { label: 'order', write: given.write },
      ...payments.map((payment) => ({ label: 'payment', write: checkSettled(bookings, payment) })),
    ]);
    if (outcome.outcome === 'written') return accepted({ now: 'releasing', order: given.order });
  }
  const ending = decideEnd(await readOrder(bookings, order.orderId, { consistent: true }));
  if (ending.outcome !== 'closing') return ending;
  return decided.outcome === 'accepted' ? rejected('changed-meanwhile') : { ...decided, order: ending.order };
};

/**
 * T4 for every piece, and after a definite answer T8: the order is over, its passengers are free at that time, and the
 * user has one open order less. Returns the order in its state afterwards, whichever worker has ended it.
 */
export const releaseForEnd =
  (dependencies: Pick<EndDependencies, 'bookings' | 'inventory' | 'timetable' | 'clock'>) =>
  async (releasing: OrderIn<'releasing'>): Promise<Order | undefined> => {
    const { bookings, timetable, clock } = dependencies;
    const { orderId } = releasing;
    const [run] = await Promise.all([
      readFrozenRun(timetable, releasing.runId),
      releaseSeats(dependencies)(itemsOf(releasing).flatMap(placesOf)),
    ]);
    const order = asEnded(releasing, run);
    const ended = endOrder(bookings, order, clock());
    const outcome = await writeAndFree(bookings, claimsOf(order), [
      { label: 'order', write: ended.write },
      { label: 'count', write: countEnded(bookings, order) },
    ]);
    if (outcome.outcome === 'written') return ended.order;
    const current = await readOrder(bookings, orderId, { consistent: true });
    // Either another worker has ended it, or it needs another turn: reporting it as ended would hide it from everybody.
    if (current?.state === 'releasing') throw new Error(`the order ${orderId} could not be ended`);
    return current;
  };

import { releasePieces } from '../inventory/store.ts';
import { endsOn } from '../orders/budgets.ts';
import { countEnded } from '../orders/counts-store.ts';
import { writeAndFree } from '../orders/free-claims.ts';
import { itemsOf, type EndReason, type Order, type OrderIn } from '../orders/model.ts';
import { readOrder } from '../orders/store.ts';
import { closeOrder, endOrder, giveUpSeats } from '../orders/transitions-store.ts';
import { isUnapplied } from '../payments/model.ts';
import { checkSettled, listPayments } from '../payments/store.ts';
import type { Carrier } from '../platform/carrier.ts';
import { writeTogether, type Table } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import { accepted, rejected, type Outcome, type Rejected } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import { readFrozenRun } from '../timetable/store.ts';
import { applyPayment } from '../paying/apply-payment.ts';
import { claimsOf } from '../paying/claims-of.ts';
import { settlePayment } from '../paying/settle-payment.ts';
import type { FindProvider } from '../paying/ask-provider.ts';
import type { PurchaseWorkflow } from '../paying/workflow.ts';
import { asEnded, decideEnd, decideGiveUp, decideRelease, isGraceOver, type Ending } from './decide-end.ts';

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
 * Closes an order whose hold is over (or which its user gave up): first the order, then every payment at its provider,
 * and only then its seats are given up; after the grace the seats go first. Money that turns up on the way pays the
 * order after all.
 */
export const closeForEnd =
  (dependencies: EndDependencies) =>
  async (orderId: OrderId, reason: EndReason): Promise<Ending> => {
    const ending = decideEnd(await close(dependencies, orderId, reason));
    return ending.outcome === 'closing' ? closePayments(dependencies, ending.order) : ending;
  };

/** T5, with the day that the order counts on as ended. Read first: only the order knows its deadline. */
const close = async (
  { bookings, carrier, clock }: EndDependencies,
  orderId: OrderId,
  reason: EndReason,
): Promise<Order | undefined> => {
  const stands = await readOrder(bookings, orderId, { consistent: true });
  if (stands?.state !== 'held') return stands;
  const now = clock();
  const day = endsOn(carrier, reason, { expiresAt: stands.expiresAt, now });
  return (await closeOrder(bookings, orderId, { endReason: reason, endsOn: day, now })).order;
};

/** How often the seats are given up anew, where a payment changed between the look at it and the write. */
const looksMax = 5;

const closePayments = async (dependencies: EndDependencies, order: OrderIn<'closing'>): Promise<Ending> => {
  const { carrier, clock } = dependencies;
  // After it nobody is asked before the seats are given up: every payment has its own deadline, by which it is closed.
  if (!isGraceOver(order, carrier, clock())) await settleAll(dependencies, order);
  for (let look = 0; look < looksMax; look += 1) {
    const given = await giveUpIfSettled(dependencies, order);
    if (given.outcome === 'accepted' || given.reason !== 'changed-meanwhile') return given;
  }
  return rejected('payments-unfinished');
};

/** T7, guarded by every payment being as it is just seen. Whoever changed one meanwhile keeps nobody's seats for it. */
const giveUpIfSettled = async (
  dependencies: EndDependencies,
  order: OrderIn<'closing'>,
): Promise<Ending | Rejected<'changed-meanwhile'>> => {
  const { bookings, carrier, clock } = dependencies;
  const { orderId } = order;
  const payments = await listPayments(bookings, orderId);
  for (const { paymentId } of payments.filter(isUnapplied)) await applyPayment(dependencies)(paymentId);
  const now = clock();
  const decided = decideGiveUp(order, payments, carrier, now);
  if (decided.outcome === 'accepted') {
    const { expiredBy } = decided;
    await writeTogether(bookings.client, [
      { label: 'order', write: giveUpSeats(bookings, orderId, { now, expiredBy }) },
      ...payments.map((payment) => ({ label: 'payment', write: checkSettled(bookings, payment) })),
    ]);
  }
  const ending = decideEnd(await readOrder(bookings, orderId, { consistent: true }));
  if (ending.outcome !== 'closing') return ending;
  return decided.outcome === 'accepted' ? rejected('changed-meanwhile') : decided;
};

/** All at once: together they take no longer than the slowest of them is waited for. */
const settleAll = async (dependencies: EndDependencies, { orderId }: OrderIn<'closing'>): Promise<void> => {
  const payments = await listPayments(dependencies.bookings, orderId);
  await Promise.all(payments.map(settlePayment(dependencies)));
};

/**
 * T4 for every piece, and once that was answered definitely, T8: the order is over, its passengers are free to travel
 * at that time, and the user has one open order less.
 */
export const releaseForEnd =
  ({
    bookings,
    inventory,
    timetable,
    clock,
  }: Pick<EndDependencies, 'bookings' | 'inventory' | 'timetable' | 'clock'>) =>
  async (orderId: OrderId): Promise<Outcome<object, 'not-releasing'>> => {
    const decided = decideRelease(await readOrder(bookings, orderId, { consistent: true }));
    if (decided.outcome === 'rejected') return decided;
    const [run] = await Promise.all([
      readFrozenRun(timetable, decided.order.runId),
      releasePieces(
        inventory,
        itemsOf(decided.order).map(({ place }) => place),
      ),
    ]);
    const order = asEnded(decided.order, run);
    const outcome = await writeAndFree(bookings, claimsOf(order), [
      { label: 'order', write: endOrder(bookings, order, clock()) },
      { label: 'count', write: countEnded(bookings, order) },
    ]);
    if (outcome.outcome === 'written') return accepted({});
    const stands = await readOrder(bookings, orderId, { consistent: true });
    // Another has ended it, or else it needs another turn: to say that it has ended would hide it from everybody.
    if (stands?.state === 'releasing') throw new Error(`the order ${orderId} could not be ended`);
    return accepted({});
  };

import { readEntry } from '../entries/store.ts';
import { holdAgain, type HeldAgain } from '../inventory/hold-again.ts';
import type { Place } from '../inventory/model.ts';
import { putClaims, readClaims } from '../orders/claims-store.ts';
import { countPaid, countPaidLate } from '../orders/counts-store.ts';
import { itemsOf, placesOf, type Order, type OrderItem, type CommittedOrder } from '../orders/model.ts';
import { fenceOwner } from '../orders/marks-store.ts';
import { readOrder } from '../orders/store.ts';
import { payLate, payOrder, refundLate } from '../orders/transitions-store.ts';
import { isCaptured, takenOf, type PaymentIn, type Refund } from '../payments/model.ts';
import { putRefund } from '../payments/refunds-store.ts';
import { applyToOrder, applyToRefund, readPayment } from '../payments/store.ts';
import { decideAnew } from '../platform/decide-anew.ts';
import { writeTogether, type LabelledWrite, type Table } from '../platform/dynamo.ts';
import type { PaymentId } from '../platform/ids.ts';
import { loggable, logger } from '../platform/log.ts';
import { accepted, never, rejected, type Outcome, type Rejected } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import { isMistake } from '../platform/transient.ts';
import { noteRun } from '../runs/due-store.ts';
import { releaseSeats } from '../runs/release-seats.ts';
import { readFrozenRun } from '../timetable/store.ts';
import { claimsOf } from './claims-of.ts';
import { deadTriesOf, decideNotHeld, decideTravel, decideTry, decideUse } from './decide-use.ts';
import { payEntry } from './pay-entry.ts';
import { refundEntry, wholeRefundOf } from './refund-entry.ts';
import type { UseRefusal } from './rules.ts';
import { readRunToday } from './run-today.ts';
import type { PurchaseWorkflow } from './workflow.ts';

type Dependencies = {
  bookings: Table;
  inventory: Table;
  timetable: Table;
  clock: Clock;
  workflow: PurchaseWorkflow;
};

/** After a rejection, the next look comes later: its seats are being released, taken or changed at this moment. */
export type Applied = Outcome<
  { now: 'nothing-to-apply' | 'paid' | 'waiting' | 'refund-requested' },
  UseRefusal
>;

type AppliedOnce = Applied | Rejected<'changed-meanwhile'>;

const attemptsMax = 4;

/**
 * Applies captured money: it pays the order, or pays it late and takes the same seats again, or goes back. Anyone may
 * call it, any number of times: each payment is applied once.
 */
export const applyPayment =
  (dependencies: Dependencies) =>
  async (paymentId: PaymentId): Promise<Applied> => {
    const applied = await decideAnew(attemptsMax, () => applyOnce(dependencies, paymentId));
    return applied.outcome === 'accepted' ? applied : rejected('seats-busy');
  };

const applyOnce = async (dependencies: Dependencies, paymentId: PaymentId): Promise<AppliedOnce> => {
  const { bookings } = dependencies;
  const payment = await readPayment(bookings, paymentId);
  const order = payment && (await readOrder(bookings, payment.orderId, { consistent: true }));
  const entry = payment && !order ? await readEntry(bookings, payment.orderId) : undefined;
  // A repeated call wakes the workflow again: an earlier one may have died after it applied the money.
  if (payment && isCaptured(payment) && payment.appliedAt) await wakeIfPaid(dependencies, order);
  const decided = decideUse(payment, order, entry);
  if (decided.outcome === 'rejected') return decided;
  switch (decided.use) {
    case 'none':
      return accepted({ now: 'nothing-to-apply' });
    case 'pay':
      return payInTime(dependencies, decided.order, decided.payment);
    case 'pay-late':
      return payAfterEnd(dependencies, decided.order, decided.payment);
    case 'pay-entry':
      return payEntry(dependencies, decided);
    case 'refund-surplus':
      return refundSurplus(dependencies, decided.payment, decided.refundFor);
    default:
      return never(decided);
  }
};

const together = async (
  bookings: Table,
  writes: LabelledWrite<string>[],
  now: 'paid' | 'refund-requested',
): Promise<AppliedOnce> => {
  const outcome = await writeTogether(bookings.client, writes);
  return outcome.outcome === 'written' ? accepted({ now }) : rejected('changed-meanwhile');
};

/**
 * T9. Then this wakes the workflow, if its token is there; otherwise the workflow finds the order paid when it begins
 * to wait.
 */
const payInTime = async (
  dependencies: Dependencies,
  order: CommittedOrder,
  payment: PaymentIn<'captured'>,
): Promise<AppliedOnce> => {
  const { bookings, clock } = dependencies;
  const now = clock();
  const applied = await together(
    bookings,
    [
      { label: 'order', write: payOrder(bookings, order.orderId, payment.paymentId, now) },
      { label: 'payment', write: applyToOrder(bookings, payment, now) },
      { label: 'count', write: countPaid(bookings, order) },
    ],
    'paid',
  );
  // The token may have come between the first read and the write.
  if (applied.outcome === 'accepted')
    await wakeIfPaid(dependencies, await readOrder(bookings, order.orderId, { consistent: true }));
  return applied;
};

const wakeIfPaid = async (
  { workflow }: Pick<Dependencies, 'workflow'>,
  order: Order | undefined,
): Promise<void> => {
  if (order?.state === 'paid' && order.taskToken) await workflow.wakePaid(order.taskToken);
};

/**
 * T10 if the run has not left and is still in the timetable, the same seats are free and the passengers are still free
 * at that time; otherwise, or after too many tries, T13. An unknown answer counts as a failed try; a mistake is thrown.
 */
const payAfterEnd = async (
  dependencies: Dependencies,
  order: CommittedOrder,
  payment: PaymentIn<'captured'>,
): Promise<AppliedOnce> => {
  const { bookings, clock } = dependencies;
  const travel = await travelNow(dependencies, order);
  const wishes = claimsOf(order);
  const claims = wishes.length > 0 ? await readClaims(bookings, wishes) : [];
  const free = travel.outcome === 'accepted' ? decideTry(order, { wishes, claims }, clock()) : travel;
  if (free.outcome === 'rejected') return refundWhole(dependencies, order, payment, free.refundFor);

  const items = itemsOf(order);
  const release = releaseSeats(dependencies);
  const hold = await holdAgain({ ...dependencies, release })(order.orderId, items.flatMap(placesOf));
  if (hold.outcome === 'rejected') return afterNotHeld(dependencies, { order, payment }, hold);
  // From here on the seats have an owner, so the run cannot change; before, it may have.
  const stillTravels = await travelNow(dependencies, order);
  if (stillTravels.outcome === 'rejected') {
    await release(hold.places);
    return refundWhole(dependencies, order, payment, stillTravels.refundFor);
  }
  const now = clock();
  const places = takenByItem(items, hold.places);
  const applied = await together(
    bookings,
    [
      { label: 'order', write: payLate(bookings, order, payment.paymentId, places, now) },
      { label: 'payment', write: applyToOrder(bookings, payment, now) },
      ...putClaims(bookings, claims, wishes).map((write) => ({ label: 'claim', write })),
      { label: 'count', write: countPaidLate(bookings, order) },
    ],
    'paid',
  ).catch((thrown: unknown) => {
    // The write may have succeeded anyway: the stored order decides.
    logger.warn('the answer to a late payment was lost', {
      orderId: order.orderId,
      thrown: loggable(thrown),
    });
    return { ...rejected('changed-meanwhile'), thrown };
  });
  if (applied.outcome === 'accepted') return applied;
  const found = await afterRefusedLatePay(dependencies, order, hold.places);
  if (found.outcome === 'rejected' && 'thrown' in applied && isMistake(applied.thrown)) throw applied.thrown;
  return found;
};

/** Gives each item its own of the places that were taken again, in the order in which they were asked for. */
const takenByItem = (items: readonly OrderItem[], taken: readonly Place[]) => {
  const left = [...taken];
  return Object.fromEntries(
    items.map((item) => {
      const [place, thenPlace] = left.splice(0, placesOf(item).length);
      if (!place) throw new Error('an item lacks a place among those taken');
      return [item.itemId, { place, ...(thenPlace && { thenPlace }) }];
    }),
  );
};

const travelNow = async ({ timetable, clock }: Dependencies, order: CommittedOrder) =>
  decideTravel(order, await readRunToday(timetable, order, { afresh: true }), clock());

/** The order could not get its seats: the money goes back, or waits until the obstacle is gone. */
const afterNotHeld = async (
  dependencies: Dependencies,
  { order, payment }: { order: CommittedOrder; payment: PaymentIn<'captured'> },
  hold: Exclude<HeldAgain, { outcome: 'accepted' }>,
): Promise<AppliedOnce> => {
  const { timetable, bookings, clock } = dependencies;
  const run =
    hold.reason === 'closed' ? await readFrozenRun(timetable, order.runId, { consistent: true }) : undefined;
  const decided = decideNotHeld(hold.reason, { order, run }, clock());
  if (decided.reason === 'late-money') return refundWhole(dependencies, order, payment, decided.refundFor);
  // The worker that closed the shard may have died: the clean-up must look at it, otherwise the money waits for the
  // sweep.
  if (hold.reason === 'closed') await noteRun(bookings, order.runId, { dueAt: clock(), now: clock() });
  if (hold.reason === 'own-order') await freeDeadTries(dependencies, order, hold.blockers);
  return decided;
};

/**
 * After a refused or unknown T10 the order decides (docs/protocol.md, "After a refused or unknown T10, read"). Unless
 * its items name my pieces, this fences my owner first, so that a request still under way cannot name them later, and
 * then releases the pieces.
 */
const afterRefusedLatePay = async (
  dependencies: Dependencies,
  order: CommittedOrder,
  mine: readonly Place[],
): Promise<AppliedOnce> => {
  for (const owner of new Set(mine.map((place) => place.owner))) {
    const fenced = await fenceOwner(dependencies.bookings, order.orderId, owner, Object.keys(order.items));
    if (fenced.outcome === 'rejected') return accepted({ now: 'paid' });
    await releaseSeats(dependencies)(mine.filter((place) => place.owner === owner));
  }
  return rejected('changed-meanwhile');
};

/**
 * Seats that only other tries of the same order hold are still available (docs/protocol.md). This fences a try from
 * long ago, so that it can no longer commit, and releases its pieces; the applier then looks at the money again.
 */
const freeDeadTries = async (
  dependencies: Dependencies,
  order: CommittedOrder,
  blockers: readonly Place[],
): Promise<void> => {
  const { bookings, clock } = dependencies;
  for (const blocker of deadTriesOf(blockers, clock())) {
    const fenced = await fenceOwner(bookings, order.orderId, blocker.owner, Object.keys(order.items));
    if (fenced.outcome === 'accepted') await releaseSeats(dependencies)([blocker]);
  }
};

/** T13: the money came too late, and its seats are taken, or its run has left or is no longer in the timetable. */
const refundWhole = (
  { bookings, clock }: Dependencies,
  order: CommittedOrder,
  payment: PaymentIn<'captured'>,
  reason: Refund['reason'],
): Promise<AppliedOnce> => {
  const now = clock();
  const refund = wholeRefundOf(payment, takenOf(payment), reason, now);
  return together(
    bookings,
    [
      { label: 'order', write: refundLate(bookings, order.orderId, payment.paymentId, now) },
      { label: 'payment', write: applyToRefund(bookings, payment, now) },
      { label: 'refund', write: putRefund(bookings, refund) },
      { label: 'journal', write: refundEntry(bookings, refund, now) },
    ],
    'refund-requested',
  );
};

/** T14. */
const refundSurplus = (
  { bookings, clock }: Dependencies,
  payment: PaymentIn<'captured'>,
  refundFor: Refund['reason'],
): Promise<AppliedOnce> => {
  const now = clock();
  const refund = wholeRefundOf(payment, takenOf(payment), refundFor, now);
  return together(
    bookings,
    [
      { label: 'payment', write: applyToRefund(bookings, payment, now) },
      { label: 'refund', write: putRefund(bookings, refund) },
      { label: 'journal', write: refundEntry(bookings, refund, now) },
    ],
    'refund-requested',
  );
};

import { holdAgain } from '../inventory/hold-again.ts';
import type { Place } from '../inventory/model.ts';
import { takenAt } from '../inventory/owner.ts';
import { givePiecesBack } from '../inventory/store.ts';
import { putClaims, readClaims } from '../orders/claims-store.ts';
import { countPaid, countPaidLate } from '../orders/counts-store.ts';
import { itemsOf, type StandingOrder } from '../orders/model.ts';
import { fenceOwner } from '../orders/marks-store.ts';
import { isClaimed } from '../orders/rules.ts';
import { readOrder } from '../orders/store.ts';
import { payLate, payOrder, refundLate } from '../orders/transitions-store.ts';
import { isUnapplied, type Payment } from '../payments/model.ts';
import { putRefund } from '../payments/refunds-store.ts';
import { applyToOrder, applyToRefund, readPayment } from '../payments/store.ts';
import { writeTogether, type LabelledWrite, type Table } from '../platform/dynamo.ts';
import type { OrderId, PaymentId } from '../platform/ids.ts';
import { loggable, logger } from '../platform/log.ts';
import { plusSeconds, type Clock } from '../platform/time.ts';
import { isMistake } from '../platform/transient.ts';
import { noteRun } from '../runs/due-store.ts';
import { readFrozenRun } from '../timetable/store.ts';
import { claimsOf } from './claims-of.ts';
import { hasDeparted, noTravelOf, type NoTravel } from './no-travel.ts';
import { refundEntry, wholeRefundOf } from './refund-entry.ts';
import { readRunToday } from './run-today.ts';
import type { PurchaseWorkflow } from './workflow.ts';

type Dependencies = {
  bookings: Table;
  inventory: Table;
  timetable: Table;
  clock: Clock;
  workflow: PurchaseWorkflow;
};

/** `waiting`: the seats are being released just now; the money is looked at again when that is done. */
export type Applied = 'nothing-to-apply' | 'paid' | 'refund-requested' | 'waiting';

const attemptsMax = 4;

/** Each try in vain fences its owner off the order, whose item must not grow without end: then the money goes back. */
const lateTriesMax = 50;

/**
 * Puts captured money to its use: it pays the order, or pays it late with the same seats taken again, or goes back.
 * Anyone may call it, any number of times: each money is applied once.
 */
export const applyPayment =
  (dependencies: Dependencies) =>
  async (paymentId: PaymentId): Promise<Applied> => {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const applied = await applyOnce(dependencies, paymentId);
      if (applied !== 'changed-meanwhile') return applied;
    }
    return 'waiting';
  };

const applyOnce = async (
  dependencies: Dependencies,
  paymentId: PaymentId,
): Promise<Applied | 'changed-meanwhile'> => {
  const { bookings } = dependencies;
  const payment = await readPayment(bookings, paymentId);
  if (payment?.appliedAt) await wakeIfPaid(dependencies, payment.orderId);
  if (!payment || !isUnapplied(payment)) return 'nothing-to-apply';
  const order = await readOrder(bookings, payment.orderId, { consistent: true });
  if (!order || order.state === 'void') throw new Error(`the payment ${paymentId} has no order`);
  switch (order.state) {
    case 'held':
    case 'closing':
      return payInTime(dependencies, order, payment);
    case 'releasing':
      return 'waiting';
    case 'expired':
    case 'cancelled':
      return payAfterEnd(dependencies, order, payment);
    default:
      return refundSurplus(dependencies, order, payment);
  }
};

const together = async (bookings: Table, writes: LabelledWrite<string>[], applied: Applied) => {
  const outcome = await writeTogether(bookings.client, writes);
  return outcome.outcome === 'written' ? applied : ('changed-meanwhile' as const);
};

/** T9. Then the workflow is woken, if its token is there; else it finds the order paid when it comes to wait. */
const payInTime = async (
  dependencies: Dependencies,
  order: StandingOrder,
  payment: Payment,
): Promise<Applied | 'changed-meanwhile'> => {
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
  if (applied === 'paid') await wakeIfPaid(dependencies, order.orderId);
  return applied;
};

/** Repeated when the same money is brought again: whoever applied it may have died before it woke the workflow. */
const wakeIfPaid = async ({ bookings, workflow }: Dependencies, orderId: OrderId): Promise<void> => {
  const order = await readOrder(bookings, orderId, { consistent: true });
  if (order?.state === 'paid' && order.taskToken) await workflow.wakePaid(order.taskToken);
};

/**
 * T10 where the run has not left and is still in the timetable, the same seats are free and the passengers still have
 * the time; else, or after too many tries, T13. An answer that is not known is a try in vain; a mistake is thrown.
 */
const payAfterEnd = async (
  dependencies: Dependencies,
  order: StandingOrder,
  payment: Payment,
): Promise<Applied | 'changed-meanwhile'> => {
  const { bookings, inventory, clock } = dependencies;
  const noTravel = await noTravelNow(dependencies, order);
  const wishes = claimsOf(order);
  const claims = wishes.length > 0 ? await readClaims(bookings, wishes) : [];
  const isTriedEnough = (order.fenced?.size ?? 0) >= lateTriesMax;
  if (noTravel || isTriedEnough || wishes.some((wish) => isClaimed(claims, wish)))
    return refundWhole(dependencies, order, payment, noTravel);

  const items = itemsOf(order);
  const hold = await holdAgain(dependencies)(
    order.orderId,
    items.map(({ place }) => place),
  );
  if (hold.outcome === 'rejected') {
    const isGone =
      hold.reason === 'gone' || (hold.reason === 'closed' && !(await isChanging(dependencies, order)));
    if (isGone) return refundWhole(dependencies, order, payment, undefined);
    if (hold.reason === 'own-order') await freeDeadTries(dependencies, order, hold.blockers);
    return 'waiting';
  }
  // From here on the seats are owned, so that the run changes no more; before, it may have gone.
  const goneMeanwhile = await noTravelNow(dependencies, order);
  if (goneMeanwhile) {
    await givePiecesBack(inventory, hold.places);
    return refundWhole(dependencies, order, payment, goneMeanwhile);
  }
  const now = clock();
  const places = Object.fromEntries(items.map(({ itemId }, index) => [itemId, hold.places[index] as Place]));
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
    // It may have been written all the same: the order that stands decides.
    logger.warn('the answer to a late payment was lost', {
      orderId: order.orderId,
      thrown: loggable(thrown),
    });
    return { thrown };
  });
  if (applied === 'paid') return 'paid';
  const found = await afterRefusedLatePay(dependencies, order, hold.places);
  if (found !== 'paid' && typeof applied === 'object' && isMistake(applied.thrown)) throw applied.thrown;
  return found;
};

const noTravelNow = async (
  { timetable, clock }: Dependencies,
  order: StandingOrder,
): Promise<NoTravel | undefined> =>
  noTravelOf(order, await readRunToday(timetable, order, { afresh: true }), clock());

/**
 * Whether a shard that takes no holds may take them again: its run is open and of the same generation, so that it is
 * only being changed, and the change may be given up. Read after the shard was found closed.
 */
const isChanging = async (
  { timetable, bookings, clock }: Dependencies,
  order: StandingOrder,
): Promise<boolean> => {
  const run = await readFrozenRun(timetable, order.runId, { consistent: true });
  const same = itemsOf(order).every(({ place }) => place.shard.generation === run?.generation);
  if (run?.state !== 'open' || !same) return false;
  // Whoever closed the shard may have died: the clean-up is to look at it, or the money would wait for the sweep.
  await noteRun(bookings, order.runId, { dueAt: clock(), now: clock() });
  return true;
};

/**
 * After a refused or unknown T10 the order decides (docs/protocol.md, "After a refused or unknown T10, read"). Unless its
 * items name my pieces, this fences my owner first, so that a request still under way cannot name them later, and then
 * gives the pieces back.
 */
const afterRefusedLatePay = async (
  { bookings, inventory }: Dependencies,
  order: StandingOrder,
  mine: readonly Place[],
): Promise<Applied | 'changed-meanwhile'> => {
  for (const owner of new Set(mine.map((place) => place.owner))) {
    const fenced = await fenceOwner(bookings, order.orderId, owner, Object.keys(order.items));
    if (!fenced) return 'paid';
    await givePiecesBack(
      inventory,
      mine.filter((place) => place.owner === owner),
    );
  }
  return 'changed-meanwhile';
};

/** Long enough for any living applier to have committed: after it, what is in the way is taken for dead. */
const deadAfterSeconds = 60;

/**
 * Seats that only other tries of the same order hold are not gone (docs/protocol.md). This fences a try that is long past,
 * so that it cannot commit any more, and frees its pieces; the applier looks at the money again after that.
 */
const freeDeadTries = async (
  { bookings, inventory, clock }: Dependencies,
  order: StandingOrder,
  blockers: readonly Place[],
): Promise<void> => {
  const now = clock();
  for (const blocker of blockers) {
    if (plusSeconds(takenAt(blocker.owner), deadAfterSeconds) > now) continue;
    const fenced = await fenceOwner(bookings, order.orderId, blocker.owner, Object.keys(order.items));
    if (fenced) await givePiecesBack(inventory, [blocker]);
  }
};

/** T13: the money came too late, and its seats are gone, or its run has left or is not in the timetable any more. */
const refundWhole = (
  { bookings, clock }: Dependencies,
  order: StandingOrder,
  payment: Payment,
  noTravel: NoTravel | undefined,
) => {
  const now = clock();
  const departed = noTravel === 'departed' || hasDeparted(order, now);
  const reason = noTravel === 'run-gone' ? noTravel : departed ? 'departed' : 'late-payment';
  const refund = wholeRefundOf(payment, reason, now);
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

/** T14: another payment has paid the order; an order keeps one. */
const refundSurplus = async ({ bookings, clock }: Dependencies, order: StandingOrder, payment: Payment) => {
  const paidBy = 'paidBy' in order ? order.paidBy : undefined;
  // Another applier came between our reading of the payment and of its order.
  if (!paidBy || paidBy === payment.paymentId) return 'changed-meanwhile' as const;
  const now = clock();
  const refund = wholeRefundOf(payment, 'surplus-payment', now);
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

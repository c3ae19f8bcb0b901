import type { Order, OrderIn } from '../orders/model.ts';
import { hasDeparted, noTicketsFor, noTravelOf, type NoTravel, type RunToday } from '../paying/no-travel.ts';
import { refundNumberOf, type RefundIn } from '../payments/model.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Instant } from '../platform/time.ts';
import type { IssueRefusal, ReturnRefusal } from './rules.ts';

/** A paid order and then its run, read one after the other; or any other order alone. */
export type PaidOrder = { order: OrderIn<'paid'>; today: RunToday };
export type LoadedOrder = PaidOrder | { order: Exclude<Order, { state: 'paid' }> | undefined };

const isPaid = (loaded: LoadedOrder): loaded is PaidOrder => loaded.order?.state === 'paid';

type ToDo<Now> = { now: Now; order: OrderIn<'paid'> };

/**
 * T15: whether an order gets its tickets. `isRunGone`: the newest timetable lacks its run; the order still gets its
 * tickets, and a person is alerted.
 */
export const decideIssue = (
  loaded: LoadedOrder,
  now: Instant,
): Outcome<{ now: 'issued' } | (ToDo<'to-be-issued'> & { isRunGone: boolean }), IssueRefusal> => {
  if (!isPaid(loaded))
    return loaded.order?.state === 'issued' ? accepted({ now: 'issued' }) : rejected('not-paid');
  const { order, today } = loaded;
  if (noTicketsFor(order, today, now)) return rejected('no-travel');
  return accepted({ now: 'to-be-issued', order, isRunGone: noTravelOf(order, today, now) !== undefined });
};

/** Who sends the money back: a caller that has decided to, or one that does so only if something rules out travel. */
export type ReturnCommand = { isDecided: boolean };

/**
 * T16: whether the money of a paid order goes back, with everything that follows from the reason. `can-travel` if
 * nothing rules out travel: an earlier decision was wrong, or its reason has passed.
 */
export const decideReturn = (
  loaded: LoadedOrder,
  { isDecided }: ReturnCommand,
  now: Instant,
): Outcome<
  { now: 'refunding' } | (ToDo<'to-be-refunded'> & { refund: RefundIn<'requested'>; departed: boolean }),
  ReturnRefusal
> => {
  if (!isPaid(loaded))
    return loaded.order?.state === 'refunding' ? accepted({ now: 'refunding' }) : rejected('not-paid');
  const { order, today } = loaded;
  const noTravel = noTicketsFor(order, today, now);
  if (!noTravel && !isDecided) return rejected('can-travel');
  return accepted({
    now: 'to-be-refunded',
    order,
    refund: refundOf(order, noTravel, now),
    // In the newest timetable it may leave earlier than in the sold one.
    departed: noTravel === 'departed' && hasDeparted(order, now),
  });
};

const refundOf = (
  order: OrderIn<'paid'>,
  noTravel: NoTravel | undefined,
  now: Instant,
): RefundIn<'requested'> => ({
  orderId: order.orderId,
  paymentId: order.paidBy,
  refundNumber: refundNumberOf(order.paidBy, 'whole'),
  amount: order.amount,
  reason: noTravel === 'departed' ? 'departed' : 'cannot-issue',
  state: 'requested',
  requestedAt: now,
  attempts: 0,
});

import { isExchanging, type ExchangingOrder, type Order, type OrderIn } from '../orders/model.ts';
import { hasDeparted, noTicketsFor, noTravelOf, type RunToday } from '../paying/no-travel.ts';
import { refundNumberOf, type Refund, type RefundIn } from '../payments/model.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Instant } from '../platform/time.ts';
import type { Ticket } from '../tickets/model.ts';
import type { IssueRefusal, ReturnRefusal } from './rules.ts';

/** The order whose tickets another one replaces, with its tickets, as they were read after that. */
export type Former = { order: OrderIn<'issued'>; tickets: readonly Ticket[] };

type Replaced = Pick<Former, 'tickets'> | undefined;

/**
 * A paid order and then its run, read one after the other, with the tickets that it replaces if its passengers exchange; or
 * any other order alone.
 */
export type PaidOrder = { order: OrderIn<'paid'>; today: RunToday; former?: Replaced };
export type LoadedOrder = PaidOrder | { order: Exclude<Order, { state: 'paid' }> | undefined };

const isPaid = (loaded: LoadedOrder): loaded is PaidOrder => loaded.order?.state === 'paid';

type ToDo<Now> = { now: Now; order: OrderIn<'paid'> };

/** Whether each ticket that an order replaces is still valid. Once one is not, it never is again. */
export const areReplaceable = ({ exchangeOf }: ExchangingOrder, former: Replaced): boolean =>
  exchangeOf.tickets.every(({ itemId }) =>
    former?.tickets.some((ticket) => ticket.itemId === itemId && ticket.state === 'issued'),
  );

/** What keeps a paid order from its tickets. */
type Obstacle = ReturnType<typeof noTicketsFor> | 'ticket-gone';

const obstacleOf = ({ order, today, former }: PaidOrder, now: Instant): Obstacle => {
  if (isExchanging(order) && !areReplaceable(order, former)) return 'ticket-gone';
  return noTicketsFor(order, today, now);
};

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
  if (obstacleOf(loaded, now)) return rejected('no-travel');
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
  const { order } = loaded;
  const obstacle = obstacleOf(loaded, now);
  if (!obstacle && !isDecided) return rejected('can-travel');
  return accepted({
    now: 'to-be-refunded',
    order,
    refund: refundOf(order, obstacle, now),
    // In the newest timetable it may leave earlier than in the sold one.
    departed: obstacle === 'departed' && hasDeparted(order, now),
  });
};

const reasonOf = (obstacle: Obstacle): Refund['reason'] =>
  obstacle === 'departed' || obstacle === 'ticket-gone' ? obstacle : 'cannot-issue';

const refundOf = (order: OrderIn<'paid'>, obstacle: Obstacle, now: Instant): RefundIn<'requested'> => ({
  orderId: order.orderId,
  paymentId: order.paidBy,
  refundNumber: refundNumberOf(order.paidBy, 'whole'),
  amount: order.amount,
  reason: reasonOf(obstacle),
  state: 'requested',
  requestedAt: now,
  attempts: 0,
});

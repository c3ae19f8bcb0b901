import type { Order, OrderIn } from '../orders/model.ts';
import { isUnfinished, type Payment } from '../payments/model.ts';
import type { Carrier } from '../platform/carrier.ts';
import type { UserId } from '../platform/ids.ts';
import { accepted, rejected, type Accepted, type Outcome, type Rejected } from '../platform/outcome.ts';
import { plusSeconds, type Instant } from '../platform/time.ts';
import type { Run } from '../timetable/model.ts';
import type { CancelRefusal, EndRefusal } from './rules.ts';

/**
 * How far an order is on its way to its end, and its current state: `releasing` means that its seats must still be
 * released.
 */
export type Ending =
  | Accepted<{ now: 'releasing'; order: OrderIn<'releasing'> } | { now: 'ended'; order: Order | undefined }>
  | (Rejected<Exclude<EndRefusal, 'not-releasing'>> & { order: Order });

/** Decides after closing an order: `closing` means that its payments must be closed before anything else. */
export const decideEnd = (
  order: Order | undefined,
): { outcome: 'closing'; order: OrderIn<'closing'> } | Ending => {
  switch (order?.state) {
    case 'held':
      return { ...rejected('not-due'), order };
    case 'closing':
      return { outcome: 'closing', order };
    case 'releasing':
      return accepted({ now: 'releasing', order });
    case 'paid':
      return { ...rejected('already-paid'), order };
    default:
      return accepted({ now: 'ended', order });
  }
};

/** For this long after the deadline the payments go first. Then the seats do: a silent provider must not keep them. */
export const isGraceOver = (
  { expiresAt }: OrderIn<'closing'>,
  { closingGraceSeconds }: Pick<Carrier, 'closingGraceSeconds'>,
  now: Instant,
): boolean => now >= plusSeconds(expiresAt, closingGraceSeconds);

/**
 * T7: whether to give up the seats, by the payments as read. If one is unfinished, the write repeats that the hold had
 * run out by `expiredBy`.
 */
export const decideGiveUp = (
  order: OrderIn<'closing'>,
  payments: readonly Payment[],
  carrier: Pick<Carrier, 'closingGraceSeconds'>,
  now: Instant,
): Outcome<{ expiredBy: Instant | undefined }, 'payments-unfinished'> => {
  if (!payments.some(isUnfinished)) return accepted({ expiredBy: undefined });
  if (!isGraceOver(order, carrier, now)) return rejected('payments-unfinished');
  return accepted({ expiredBy: plusSeconds(now, -carrier.closingGraceSeconds) });
};

/** Whether its user may cancel an order: after `cancelled` nothing is left to do. */
export const decideCancel = (
  order: Order | undefined,
  { userId }: { userId: UserId },
): Outcome<{ now: 'to-be-closed' | 'cancelled'; order: Order }, CancelRefusal> => {
  if (!order || order.state === 'void' || order.userId !== userId) return rejected('not-found');
  switch (order.state) {
    case 'cancelled':
      return accepted({ now: 'cancelled', order });
    case 'held':
    case 'closing':
    case 'releasing':
      return accepted({ now: 'to-be-closed', order });
    default:
      return rejected('order-not-held');
  }
};

/** The answer to its user afterwards. Money may have come while the order was closing: then it kept its seats. */
export const decideCancelled = (order: Order | undefined): Outcome<{ order: Order }, CancelRefusal> => {
  if (!order) return rejected('not-found');
  const isSold = order.state === 'paid' || order.state === 'issued';
  return isSold ? rejected('order-not-held') : accepted({ order });
};

/** An order on a run that the carrier has closed does not count as ended on any day: its user did not choose that. */
export const asEnded = (order: OrderIn<'releasing'>, run: Run | undefined): OrderIn<'releasing'> => {
  if (run?.state !== 'closed') return order;
  const { endsOn: _endsOn, ...forgiven } = order;
  return forgiven;
};

/** T8: an order ends from `releasing`. */
export const decideRelease = (
  order: Order | undefined,
): Outcome<{ order: OrderIn<'releasing'> }, 'not-releasing'> =>
  order?.state === 'releasing' ? accepted({ order }) : rejected('not-releasing');

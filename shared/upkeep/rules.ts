import type { Order, OrderState, StandingOrder } from '../orders/model.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';

/** The states in which an order's workflow has work left. */
const unfinished: ReadonlySet<OrderState> = new Set(['held', 'closing', 'releasing', 'paid']);

/**
 * After this many deaths of an order's workflow, something is wrong with the order: a person looks, and the clean-up
 * goes on.
 */
const executionsMax = 5;

type Restart =
  { now: 'to-be-shown'; order: StandingOrder } | { now: 'to-be-restarted'; next: number; isRaised: boolean };

/**
 * Decides what to do after the workflow's execution number `ended` died. The next execution has the next number.
 * `isRaised`: an earlier restarter raised the number but died before the start, so this one starts the execution.
 */
export const decideRestart = (
  order: Order | undefined,
  { ended }: { ended: number },
): Outcome<Restart, 'not-needed'> => {
  if (!order || order.state === 'void' || !unfinished.has(order.state)) return rejected('not-needed');
  if (order.execution > ended + 1) return rejected('not-needed');
  if (ended >= executionsMax) return accepted({ now: 'to-be-shown', order });
  return accepted({ now: 'to-be-restarted', next: ended + 1, isRaised: order.execution !== ended });
};

import type { Order, OrderState, StandingOrder } from '../orders/model.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';

/** States in which a workflow still has something to do for an order. */
const unfinished: ReadonlySet<OrderState> = new Set(['held', 'closing', 'releasing', 'paid']);

/** An order whose workflow died this often has something wrong with it: a person looks, and the clean-up goes on. */
const executionsMax = 5;

type Restart =
  { now: 'to-be-shown'; order: StandingOrder } | { now: 'to-be-restarted'; next: number; isRaised: boolean };

/**
 * What is done about an order whose workflow's execution number `ended` died. Its next execution has the next number;
 * `isRaised`: whoever raised it before died before starting, so it is started under it now.
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

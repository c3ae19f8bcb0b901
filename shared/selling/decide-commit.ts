import { decideBudgets, type BudgetRefusal, type BudgetWish, type UserCounts } from '../orders/budgets.ts';
import type { OrderIn, Order } from '../orders/model.ts';
import type { Carrier } from '../platform/carrier.ts';
import { accepted, rejected, type Accepted, type Outcome, type Rejected } from '../platform/outcome.ts';
import type { Refused } from './decide-order.ts';
import type { CommitRefusal } from './rules.ts';

/** The parts of the transaction that commits a hold (T2). */
export type CommitPart = 'order' | 'retention' | 'claim' | 'count' | 'replay';

/**
 * What follows from a commit of which these parts were refused. Another passenger's order may have changed a day's
 * claims between our read and our write: then it is tried again. `readCounts`: with what the user has now.
 */
export const decideNextTry = (
  refused: ReadonlySet<CommitPart>,
): Accepted<{ readCounts: boolean }> | Rejected<'busy' | 'already-answered'> => {
  if (refused.has('order')) return rejected('busy');
  if (refused.has('replay')) return rejected('already-answered');
  return accepted({ readCounts: refused.has('count') });
};

/** Whether the user's budgets let the order be tried again: what was to be swept may be of use again, no more. */
export const decideWithinBudgets = (
  counts: UserCounts,
  wish: BudgetWish,
  carrier: Carrier,
): Outcome<object, BudgetRefusal> => {
  const over = decideBudgets(counts, wish, carrier);
  return over ? rejected(over) : accepted({});
};

/** After a commit that was refused or whose answer was lost: the order that stands decides, where one does. */
export const decideByStanding = (
  stands: Order | undefined,
  mine: OrderIn<'held'>,
  refused: Refused<CommitRefusal>,
): Accepted<{ order: OrderIn<'held'> }> | Refused<CommitRefusal> =>
  stands && isMine(stands, mine) ? accepted({ order: mine }) : refused;

const isMine = (stands: Order, mine: OrderIn<'held'>): boolean =>
  stands.state !== 'void' &&
  Object.entries(mine.items).every(
    ([itemId, { place }]) => stands.items[itemId]?.place.owner === place.owner,
  );

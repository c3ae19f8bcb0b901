import { placesOf, type Order, type OrderIn, type OrderItem } from '../orders/model.ts';
import { accepted, rejected, type Accepted, type Rejected } from '../platform/outcome.ts';
import type { Refused } from './decide-order.ts';
import type { CommitRefusal } from './rules.ts';

/** The parts of the transaction that commits a hold (T2). */
export type CommitPart = 'order' | 'retention' | 'claim' | 'binding' | 'count' | 'replay';

/**
 * Decides what follows after a commit in which these parts were refused. Another passenger's order may have changed a
 * day's claims between our read and our write: then the commit is tried again. `readCounts` reads the user's current
 * counts.
 */
export const decideNextTry = (
  refused: ReadonlySet<CommitPart>,
): Accepted<{ readCounts: boolean }> | Rejected<'busy' | 'already-answered' | 'not-bound'> => {
  if (refused.has('order')) return rejected('busy');
  if (refused.has('replay')) return rejected('already-answered');
  if (refused.has('binding')) return rejected('not-bound');
  return accepted({ readCounts: refused.has('count') });
};

/** Decides after a refused commit, or one whose answer was lost: if the order exists, it decides. */
export const decideByStanding = (
  found: Order | undefined,
  mine: OrderIn<'held'>,
  refused: Refused<CommitRefusal>,
): Accepted<{ order: OrderIn<'held'> }> | Refused<CommitRefusal> =>
  found && isMine(found, mine) ? accepted({ order: mine }) : refused;

const isMine = (found: Order, mine: OrderIn<'held'>): boolean =>
  found.state !== 'void' &&
  Object.entries(mine.items).every(([itemId, item]) => {
    const named = found.items[itemId];
    return named && ownersOf(named) === ownersOf(item);
  });

const ownersOf = (item: OrderItem): string =>
  placesOf(item)
    .map(({ owner }) => owner)
    .join();

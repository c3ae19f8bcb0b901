import type { Clock } from '../../../shared/platform/time.ts';
import type { Books } from './books.ts';
import type { Tell } from './delivery.ts';
import { settled } from './trade.ts';

/**
 * Makes the changes that come with time alone: it closes expired trades, lets late money in, and notifies the merchant.
 */
export const settle = ({ books, clock, tell }: { books: Books; clock: Clock; tell: Tell }): void => {
  const now = clock();
  for (const trade of books.unsettled()) {
    const after = settled(trade, now);
    if (after === trade) continue;
    const of = after.status === 'paid' ? 'paid' : 'closed';
    books.write({ trade: after, deliveries: tell(after, { of }, now) });
  }
};

import type { StreamRecord } from '../../shared/platform/stream-records.ts';
import type { Books } from './books.ts';
import type { Wrong } from './wrong.ts';

/**
 * T12: what we call closed takes no money any more, as far as its bank says itself: a trade may not be open or at work, and
 * one that comes only with its buyer must have run out. What was never handed out, or a person has closed, is another matter.
 */
export const closedAtBanks = (records: readonly StreamRecord[], books: Books): Wrong[] =>
  records.flatMap(({ newImage, oldImage }) => {
    const isClosed = oldImage?.['state'] === 'pending' && newImage?.['state'] === 'closed';
    if (!isClosed || newImage['closedByHandAt'] !== undefined) return [];
    const paymentId = String(newImage['paymentId']);
    const why = books.payableAs({
      paymentId,
      provider: String(newImage['provider']),
      expiresAt: String(newImage['expiresAt']),
    });
    return why ? [{ rule: 'closed-at-bank', what: `${paymentId} is closed, and its trade is ${why}` }] : [];
  });

import { releasePieces } from '../inventory/store.ts';
import { releaseDone } from '../orders/marks-store.ts';
import { isReleasing, itemsOf, type CommittedOrder } from '../orders/model.ts';
import type { Table } from '../platform/dynamo.ts';

/** T4 for the piece of each item whose release is due, and after a definite answer T20. */
export const releaseItems =
  ({ bookings, inventory }: { bookings: Table; inventory: Table }) =>
  async (order: CommittedOrder): Promise<void> => {
    const due = itemsOf(order).filter(isReleasing);
    await releasePieces(
      inventory,
      due.map(({ place }) => place),
    );
    await releaseDone(bookings, order);
  };

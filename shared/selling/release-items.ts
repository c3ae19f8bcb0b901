import { releaseDone } from '../orders/marks-store.ts';
import { isReleasing, itemsOf, placesOf, type CommittedOrder } from '../orders/model.ts';
import { readOrder } from '../orders/store.ts';
import type { Table } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import { loggable, logger } from '../platform/log.ts';
import type { Clock } from '../platform/time.ts';
import { releaseSeats } from '../runs/release-seats.ts';

/** T4 for the piece of each item whose release is due, and after a definite answer T20. */
export const releaseItems =
  (dependencies: { bookings: Table; inventory: Table; clock: Clock }) =>
  async (order: CommittedOrder): Promise<void> => {
    const due = itemsOf(order).filter(isReleasing);
    await releaseSeats(dependencies)(due.flatMap(placesOf));
    await releaseDone(dependencies.bookings, order);
  };

/**
 * The same for tickets that have just ended. Their passengers have everything already: if the seats cannot be released now,
 * the clean-up does it within a minute.
 */
export const releaseGivenUp = async (
  tables: { bookings: Table; inventory: Table; clock: Clock },
  orderId: OrderId,
): Promise<void> => {
  const release = async (): Promise<void> => {
    const order = await readOrder(tables.bookings, orderId, { consistent: true });
    if (order && order.state !== 'void') await releaseItems(tables)(order);
  };
  await release().catch((thrown: unknown) =>
    logger.warn('the seats of ended tickets wait for the clean-up', { orderId, thrown: loggable(thrown) }),
  );
};

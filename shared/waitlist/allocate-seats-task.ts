import { readEntry } from '../entries/store.ts';
import type { PublishedEvent } from '../platform/events.ts';
import { runIdSchema } from '../platform/ids.ts';
import { allocateRun } from './allocate-run.ts';
import { askForSeats } from './look-at-entry.ts';
import type { ServeDependencies } from './serve-entry.ts';

/**
 * The work of the function behind the queue of released seats. Seats of a run come free: it serves who waits for them. An entry
 * begins to wait: it has seats looked for on each of its runs, because some may be free. The clean-up does both as well.
 */
export const allocateSeatsTask =
  (dependencies: ServeDependencies, more: { hasTime?: () => boolean } = {}) =>
  async ({
    event,
    orderId,
    subject,
  }: Pick<PublishedEvent, 'event' | 'orderId' | 'subject'>): Promise<void> => {
    if (event === 'seats-released') {
      await allocateRun(dependencies)(runIdSchema.parse(subject), more);
      return;
    }
    const entry = await readEntry(dependencies.bookings, orderId);
    if (entry?.state === 'waiting') await askForSeats(dependencies, entry);
  };

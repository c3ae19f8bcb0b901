import { bookingsTable } from '../../../shared/platform/clients.ts';
import { findPlaces, readWholeEntry } from '../../../shared/waitlist/read-entry.ts';
import { answered, apiHandler, refused } from '../../middleware/api-handler.ts';
import { waitlistRoutes } from '../../routes/waitlist.ts';
import { entryAnswerOf } from '../../compose/entry-answer.ts';
import { clock } from '../../compose/purchase-dependencies.ts';

/** Another user's entry gets the same answer as one that does not exist. */
export const handler = apiHandler(
  waitlistRoutes.getWaitlistEntry,
  async ({ path: { entryId }, caller, languages }) => {
    const bookings = bookingsTable();
    const whole = await readWholeEntry(bookings, entryId);
    if (!whole || whole.entry.ownerId !== caller.userId) return refused('not-found');
    const { entry, ...beside } = whole;
    const places = entry.state === 'waiting' ? await findPlaces({ bookings, clock })(entry) : undefined;
    return answered(entryAnswerOf(entry, { ...beside, ...(places && { places }) }, languages));
  },
);

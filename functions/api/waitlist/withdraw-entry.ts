import { bookingsTable } from '../../../shared/platform/clients.ts';
import { userIdSchema } from '../../../shared/platform/ids.ts';
import { withdrawFromWaitlist } from '../../../shared/waitlist/end-entry.ts';
import { readWholeEntry } from '../../../shared/waitlist/read-entry.ts';
import { answered, apiHandler, refused } from '../../middleware/api-handler.ts';
import { waitlistRoutes } from '../../routes/waitlist.ts';
import { entryAnswerOf } from '../../compose/entry-answer.ts';
import { clock } from '../../compose/purchase-dependencies.ts';

export const handler = apiHandler(
  waitlistRoutes.withdrawWaitlistEntry,
  async ({ path: { entryId }, caller, languages }) => {
    const bookings = bookingsTable();
    const outcome = await withdrawFromWaitlist({ bookings, clock })(
      entryId,
      userIdSchema.parse(caller.userId),
    );
    if (outcome.outcome === 'rejected') return refused(outcome.reason);
    const whole = await readWholeEntry(bookings, entryId);
    const { entry, ...beside } = whole ?? { entry: outcome.entry, payments: [], refunds: [] };
    return answered(entryAnswerOf(entry, beside, languages));
  },
);

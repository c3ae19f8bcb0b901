import { listEntryIds } from '../../../shared/entries/store.ts';
import { bookingsTable } from '../../../shared/platform/clients.ts';
import { userIdSchema } from '../../../shared/platform/ids.ts';
import { readWholeEntry } from '../../../shared/waitlist/read-entry.ts';
import { answered, apiHandler, refused } from '../../middleware/api-handler.ts';
import { waitlistRoutes } from '../../routes/waitlist.ts';
import { entryAnswerOf } from '../../compose/entry-answer.ts';
import { readCursor, writeCursor } from '../../compose/order-cursor.ts';

export const handler = apiHandler(
  waitlistRoutes.listWaitlistEntries,
  async ({ query, caller, languages }) => {
    const bookings = bookingsTable();
    const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor);
    if (query.cursor !== undefined && !cursor) {
      return refused('invalid-input', {
        fields: [{ field: 'cursor', message: 'must be the cursor of an earlier page' }],
      });
    }
    const userId = userIdSchema.parse(caller.userId);
    const page = await listEntryIds(bookings, userId, { limit: query.limit, cursor });
    const entries = await Promise.all(
      page.entryIds.map(async (entryId) => {
        const whole = await readWholeEntry(bookings, entryId);
        if (!whole || whole.entry.ownerId !== userId) return [];
        const { entry, ...beside } = whole;
        return [entryAnswerOf(entry, beside, languages)];
      }),
    );
    return answered({ entries: entries.flat(), ...(page.next && { cursor: writeCursor(page.next) }) });
  },
);

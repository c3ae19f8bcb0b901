import { carrier } from '../../../shared/platform/carrier-of-deployment.ts';
import { userIdSchema } from '../../../shared/platform/ids.ts';
import { localDateOf } from '../../../shared/platform/time.ts';
import type { JoinRejected } from '../../../shared/waitlist/decide-join.ts';
import { joinWaitlist } from '../../../shared/waitlist/join-waitlist.ts';
import { readWholeEntry } from '../../../shared/waitlist/read-entry.ts';
import { answered, apiHandler, refused } from '../../middleware/api-handler.ts';
import { waitlistRoutes } from '../../routes/waitlist.ts';
import { entryAnswerOf } from '../../compose/entry-answer.ts';
import { clock, joinWaitlistDependencies } from '../../compose/purchase-dependencies.ts';
import { refusedJourney } from '../../compose/refused-hold.ts';
import { unbornPassengers } from '../../compose/unborn-passengers.ts';

const refusalOf = (outcome: JoinRejected) => {
  const wish = 'wish' in outcome ? `wishes[${outcome.wish}]` : '';
  switch (outcome.reason) {
    case 'wish-twice':
      return refused('invalid-input', {
        fields: [{ field: wish, message: 'is the same as an earlier wish' }],
      });
    case 'cut-off-not-allowed': {
      const message = 'must be within the limits of this carrier: GET /v1/carrier lists them';
      return refused('invalid-input', { fields: [{ field: 'cutOff', message }] });
    }
    case 'key-reused':
      return refused('idempotency-key-reused');
    case 'not-sold-out':
    case 'party-too-large':
    case 'waitlist-closed':
      return refused(outcome.reason, {
        fields: [{ field: wish, message: 'is the journey that this is about' }],
      });
    case 'no-waitlist':
    case 'passenger-on-waitlist':
    case 'too-many-entries':
      return refused(outcome.reason);
    default:
      return refusedJourney({ ...outcome, reason: outcome.reason }, wish && `${wish}.`);
  }
};

export const handler = apiHandler(
  waitlistRoutes.joinWaitlist,
  async ({ body, caller, languages, idempotency }) => {
    if (!idempotency) return refused('idempotency-key-missing');
    const userId = userIdSchema.parse(caller.userId);
    const unborn = unbornPassengers(body.passengers, localDateOf(clock(), carrier().timeZone));
    if (unborn.length > 0) return refused('invalid-input', { fields: unborn });
    const dependencies = joinWaitlistDependencies();
    const outcome = await joinWaitlist(dependencies)(
      { ...body, userId, confirmedEmail: caller.email },
      { userId, route: 'waitlist-entries', ...idempotency },
    );
    if (outcome.outcome === 'rejected') return refusalOf(outcome);
    const { entryId } = outcome.entry;
    // A repeated request may find it paid.
    const whole = await readWholeEntry(dependencies.bookings, entryId);
    const { entry, ...beside } = whole ?? { entry: outcome.entry, payments: [], refunds: [] };
    return answered(entryAnswerOf(entry, beside, languages), 201, {
      location: `/v1/waitlist-entries/${entryId}`,
    });
  },
);

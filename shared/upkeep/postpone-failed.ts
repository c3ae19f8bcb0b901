import { flagStuck } from '../bookings/attention-store.ts';
import { attentionFor } from '../bookings/attention.ts';
import { postpone, type DueKey } from '../bookings/due-store.ts';
import { patienceSeconds } from '../payments/rules.ts';
import { stoppable, type Table } from '../platform/dynamo.ts';
import { sweepLimits } from '../platform/limits.ts';
import { within } from '../platform/time-limit.ts';
import { plusSeconds, type Clock } from '../platform/time.ts';

/**
 * An item that failed, or that waits for a provider, goes behind everything else for this long. However many such items
 * there are, they never keep the rest from its turn.
 */
const postponeSeconds = 30;

/** Postpones an item that did not succeed, and flags it for a person once that has lasted long. */
export const postponeFailed = (
  { bookings: whole, clock }: { bookings: Table; clock: Clock },
  key: DueKey,
  why: string,
): Promise<void> =>
  within(sweepLimits.bookkeeping, async (signal) => {
    const bookings = stoppable(whole, signal);
    const now = clock();
    const since = await postpone(bookings, key, { until: plusSeconds(now, postponeSeconds), now });
    if (!since || plusSeconds(since, patienceSeconds) > now) return;
    await flagStuck(bookings, key, attentionFor('keeps-failing', why, { now, before: undefined }));
  });

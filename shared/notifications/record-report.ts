import type { Table } from '../platform/dynamo.ts';
import type { Clock } from '../platform/time.ts';
import type { MessageReport } from './model.ts';
import { lostTicket } from './rules.ts';
import { putFate } from './store.ts';

/**
 * Records on a sent message what its channel reports about it, and flags a ticket that will never arrive. Reports may
 * come more than once, in any order, and before the message itself is recorded.
 */
export const recordReport =
  ({ bookings, clock }: { bookings: Table; clock: Clock }) =>
  (report: MessageReport): Promise<void> =>
    putFate(bookings, report, { why: lostTicket(report), now: clock() });

import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import {
  availabilityTable,
  bookingsTable,
  inventoryTable,
  timetableTable,
} from '../../shared/platform/clients.ts';
import { sweepLimits } from '../../shared/platform/limits.ts';
import { logger } from '../../shared/platform/log.ts';
import { freeOrphans } from '../../shared/upkeep/free-orphans.ts';
import { clock } from '../compose/purchase-dependencies.ts';

/**
 * Every five minutes it goes on with the sweep of the day: seats that are owned, and named by no order; views that are
 * not the truth. What cannot be dealt with does not keep the others; but the invocation then fails at its end, so that
 * the alarm on its errors sees it.
 */
export const handler = middy(async (_event: unknown, context: Context) => {
  const { failed, ...report } = await freeOrphans({
    bookings: bookingsTable(),
    inventory: inventoryTable(),
    availability: availabilityTable(),
    timetable: timetableTable(),
    clock,
  })({ hasTime: () => context.getRemainingTimeInMillis() > sweepLimits.reserve });
  logger.info('orphaned seats were looked for', report);
  for (const failure of failed) logger.error('an orphaned seat could not be dealt with', failure);
  if (failed.length > 0) throw new Error(`${failed.length} owned seats could not be dealt with`);
  return report;
});

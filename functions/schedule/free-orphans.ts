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
import { underLease, type MayGoOn } from '../../shared/upkeep/under-lease.ts';
import { clock } from '../compose/purchase-dependencies.ts';

const freeOrphansOnce = async (context: Context, mayGoOn: MayGoOn) => {
  const { failed, ...report } = await freeOrphans({
    bookings: bookingsTable(),
    inventory: inventoryTable(),
    availability: availabilityTable(),
    timetable: timetableTable(),
    clock,
  })({ hasTime: () => mayGoOn() && context.getRemainingTimeInMillis() > sweepLimits.reserve });
  logger.info('the search for orphaned seats made progress', report);
  for (const failure of failed) logger.error('the search for orphaned seats failed for an item', failure);
  if (failed.length > 0) throw new Error(`the search for orphaned seats failed for ${failed.length} items`);
  return report;
};

/**
 * Every five minutes: continues the day's sweep, which releases seats that no order names and corrects views of free seats,
 * unless an earlier call still does. If one item fails, the others continue, and the invocation fails at its end, so that the
 * alarm on its errors notices.
 */
export const handler = middy(async (_event: unknown, context: Context) => {
  const lease = { sweep: 'free-orphans', holder: context.awsRequestId };
  const run = await underLease(
    { bookings: bookingsTable(), clock },
    lease,
  )((mayGoOn) => freeOrphansOnce(context, mayGoOn));
  if (run.state === 'over') return run.value;
  logger.info('another search for orphaned seats is at work');
  return { skipped: run.state };
});

import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { bookingsTable, inventoryTable } from '../../shared/platform/clients.ts';
import { logger } from '../../shared/platform/log.ts';
import { freeOrphans } from '../../shared/purchase/free-orphans.ts';
import { clock } from '../wire/dependencies.ts';

/** Time kept back to finish the page that is under way. */
const reserveMilliseconds = 20_000;

/**
 * Every five minutes: seats that are owned, and named by no order. One that cannot be dealt with does not keep the
 * others; but the invocation then fails at its end, so that the alarm on its errors sees it.
 */
export const handler = middy(async (_event: unknown, context: Context) => {
  const { failed, ...report } = await freeOrphans({
    bookings: bookingsTable(),
    inventory: inventoryTable(),
    clock,
  })({ hasTime: () => context.getRemainingTimeInMillis() > reserveMilliseconds });
  logger.info('orphaned seats were looked for', report);
  for (const failure of failed) logger.error('an orphaned seat could not be dealt with', failure);
  if (failed.length > 0) throw new Error(`${failed.length} owned seats could not be dealt with`);
  return report;
});

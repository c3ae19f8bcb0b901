import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { logger } from '../../shared/platform/log.ts';
import { cleanUp } from '../../shared/purchase/clean-up.ts';
import { purchaseDependencies } from '../wire/dependencies.ts';

/** Time kept back to finish what is under way. */
const reserveMilliseconds = 20_000;

/**
 * Every minute: everything with a deadline that nobody else has seen to. One failed order does not fail the others;
 * but the invocation then fails at its end, so that the alarm on its errors sees it.
 */
export const handler = middy(async (_event: unknown, context: Context) => {
  const report = await cleanUp(await purchaseDependencies())({
    hasTime: () => context.getRemainingTimeInMillis() > reserveMilliseconds,
  });
  for (const failure of report.failed) logger.error('the clean-up failed for an item', failure);
  if (report.failed.length > 0)
    throw new Error(`the clean-up failed for ${report.failed.length} of ${report.seen} items`);
  return { seen: report.seen };
});

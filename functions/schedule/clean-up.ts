import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { carrier } from '../../shared/platform/carrier-of-deployment.ts';
import { bookingsTable } from '../../shared/platform/clients.ts';
import { stoppable, type Table } from '../../shared/platform/dynamo.ts';
import { sweepLimits } from '../../shared/platform/limits.ts';
import { loggable, logger } from '../../shared/platform/log.ts';
import { writeMetrics } from '../../shared/platform/metrics.ts';
import { within } from '../../shared/platform/time-limit.ts';
import type { Instant } from '../../shared/platform/time.ts';
import { measureAttention } from '../../shared/upkeep/attention.ts';
import { cleanUp, type CleanUpDependencies, type CleanUpReport } from '../../shared/upkeep/clean-up.ts';
import { underLease, type MayGoOn } from '../../shared/upkeep/under-lease.ts';
import { sweepInTurn } from '../../shared/runs/sweep-runs.ts';
import { clock, purchaseDependencies } from '../compose/purchase-dependencies.ts';
import { signingKey } from '../compose/ticket-keys.ts';

/** Makes each run due that is behind the timetable and has no note, for each date once a day. */
const sweep = async (
  dependencies: CleanUpDependencies,
  ofWhole: () => number,
): Promise<CleanUpReport['failed']> => {
  const { item: itemMilliseconds, lookingForRuns } = sweepLimits;
  const until = performance.now() + lookingForRuns;
  const timeLeft = () => Math.min(until - performance.now(), ofWhole());
  // The next minute sweeps what this one has no time for.
  if (timeLeft() <= 0) return [];
  try {
    const { failed } = await sweepInTurn(dependencies)(carrier().timeZone, { timeLeft, itemMilliseconds });
    return failed;
  } catch (error) {
    return [{ key: 'the sweep of runs', why: loggable(error).name }];
  }
};

/** A gate must know a key before it sees what the key has signed, so each process publishes the keys it finds. */
const publishTicketKeys = async (): Promise<CleanUpReport['failed']> => {
  try {
    await signingKey();
    return [];
  } catch (error) {
    return [{ key: 'the keys of tickets', why: loggable(error).name }];
  }
};

/** Reports how many items need a person, and for how long: `infra/alarms/upkeep.ts` watches these metrics. */
const reportAttention = async (bookings: Table, now: Instant): Promise<void> => {
  const { waiting, parked, oldestSeconds } = await within(sweepLimits.telling, (signal) =>
    measureAttention(stoppable(bookings, signal), now),
  );
  writeMetrics(
    'what needs a person',
    {
      AttentionWaiting: { value: waiting, unit: 'Count' },
      RefundsParked: { value: parked, unit: 'Count' },
      AttentionOldest: { value: oldestSeconds, unit: 'Seconds' },
    },
    now,
  );
};

/** One clean-up, as long as it may go on. If one item fails, the others continue, and it fails at its end. */
const cleanUpOnce = async (context: Context, mayGoOn: MayGoOn): Promise<{ seen: number }> => {
  const timeLeft = () => context.getRemainingTimeInMillis();
  const dependencies = await purchaseDependencies(timeLeft);
  const beforeReserve = () => (mayGoOn() ? timeLeft() - sweepLimits.reserve : 0);
  const report = await cleanUp(dependencies)({ hasTime: () => beforeReserve() > 0 });
  // The items that are due come first, the search for more comes last.
  const notSwept = await sweep(dependencies, beforeReserve);
  const failed = [...notSwept, ...report.failed, ...(await publishTicketKeys())];
  for (const failure of failed) logger.error('the clean-up failed for an item', failure);
  await reportAttention(dependencies.bookings, clock());
  if (failed.length > 0) throw new Error(`the clean-up failed for ${failed.length} of ${report.seen} items`);
  return { seen: report.seen };
};

/**
 * Every minute: works on everything that is past its deadline, unless the call of an earlier minute still does. An alarm
 * notices its errors.
 */
export const handler = middy(async (_event: unknown, context: Context) => {
  const lease = { sweep: 'clean-up', holder: context.awsRequestId };
  const run = await underLease(
    { bookings: bookingsTable(), clock },
    lease,
  )((mayGoOn) => cleanUpOnce(context, mayGoOn));
  if (run.state === 'over') return run.value;
  logger.info('another clean-up is at work');
  return { skipped: run.state };
});

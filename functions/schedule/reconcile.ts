import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { measureLedger } from '../../shared/ledger/measure-ledger.ts';
import type { ProviderName } from '../../shared/payments/model.ts';
import { paymentProviders } from '../../shared/payments/providers.ts';
import { carrier } from '../../shared/platform/carrier-of-deployment.ts';
import { bookingsTable } from '../../shared/platform/clients.ts';
import { sweepLimits } from '../../shared/platform/limits.ts';
import { logger } from '../../shared/platform/log.ts';
import { plusSeconds } from '../../shared/platform/time.ts';
import { reconcileDue, reportReconciliation } from '../../shared/reconciliation/reconcile-due.ts';
import { underLease, type MayGoOn } from '../../shared/upkeep/under-lease.ts';
import { clock } from '../compose/purchase-dependencies.ts';

/** Each entry is checked in the hours after it was written; nothing changes it later. */
const measuredSeconds = 25 * 3600;

const reconcileOnce = async (context: Context, mayGoOn: MayGoOn) => {
  const timeLeft = () => context.getRemainingTimeInMillis();
  const providers = await paymentProviders({ clock, timeLeft });
  const dependencies = {
    bookings: bookingsTable(),
    clock,
    carrier: carrier(),
    providers,
    findProvider: (name: ProviderName) => providers.get(name),
  };
  const report = await reconcileDue(dependencies)(() => mayGoOn() && timeLeft() > sweepLimits.reserve);
  await reportReconciliation(dependencies);
  const until = clock();
  await measureLedger(dependencies)({ from: plusSeconds(until, -measuredSeconds), until });
  return report;
};

/**
 * Every hour: compares each provider's bill of each of the last days that is ready and has no report, and checks that the
 * books balance, unless an earlier call still does. A day that fails gets its turn in the next hour, and an alarm after a day.
 */
export const handler = middy(async (_event: unknown, context: Context) => {
  const lease = { sweep: 'reconcile', holder: context.awsRequestId };
  const run = await underLease(
    { bookings: bookingsTable(), clock },
    lease,
  )((mayGoOn) => reconcileOnce(context, mayGoOn));
  if (run.state === 'over') return run.value;
  logger.info('another reconciliation is at work');
  return { skipped: run.state };
});

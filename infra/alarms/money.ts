import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { keyunMetric } from './metrics.ts';
import type { AlarmEntry, Silence, Watched } from './model.ts';

const everyHour = Duration.hours(1);
/** Two calls may be lost, or find another one at work. */
const someHours = Duration.hours(3);

const noComparisonIsAnotherAlarm: Silence = {
  means: 'all-is-well',
  because: 'the reconciliation writes it every hour; that it stopped is bills-late',
};

const lateBills = (watched: Watched): MathExpression =>
  new MathExpression({
    // Only beside clean-ups that come to their end: without them clean-up-stopped goes off, and just after the first
    // deployment there are too few.
    expression: 'IF(ended >= 150 AND FILL(runs, 0) < 1, 1, FILL(late, 0))',
    usingMetrics: {
      ended: keyunMetric(watched, 'AttentionWaiting', 'SampleCount', someHours),
      runs: keyunMetric(watched, 'ReconciliationLate', 'SampleCount', someHours),
      late: keyunMetric(watched, 'ReconciliationLate', 'Maximum', someHours),
    },
    period: someHours,
    label: 'bills without a report',
  });

/** Whether our books agree with themselves, and with the providers' bills: `functions/schedule/reconcile.ts`. */
export const moneyAlarms: readonly AlarmEntry[] = [
  {
    id: 'bills-differ',
    means: 'The bill of a payment provider and our books differ, and a person must compare them.',
    watches: (watched) => keyunMetric(watched, 'ReconciliationDifferences', 'Maximum', everyHour),
    goesOff: { above: 0 },
    after: { bad: 1, of: 1 },
    silence: noComparisonIsAnotherAlarm,
  },
  {
    id: 'bills-late',
    means:
      'A bill of a payment provider has been ready for a day, and nothing has compared it with our books.',
    watches: lateBills,
    goesOff: { above: 0 },
    after: { bad: 1, of: 1 },
    silence: {
      means: 'all-is-well',
      because: 'its expression counts a missing run as a fault, as long as the clean-up runs',
    },
  },
  {
    id: 'books-unbalanced',
    means: 'The entries of the journal do not add up to zero, so our books are wrong.',
    watches: (watched) => keyunMetric(watched, 'LedgerImbalance', 'Maximum', everyHour),
    goesOff: { above: 0 },
    after: { bad: 1, of: 1 },
    silence: noComparisonIsAnotherAlarm,
  },
];

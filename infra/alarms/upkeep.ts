import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { keyunMetric, perFiveMinutes, perQuarter } from './metrics.ts';
import { quietWithoutEvents, type AlarmEntry, type Silence } from './model.ts';

const noCleanUpIsAnotherAlarm: Silence = {
  means: 'all-is-well',
  because:
    'the clean-up writes it every minute; that it stopped is clean-up-stopped, and two alarms for it are noise',
};

/** The second mechanism, and what needs a person. */
export const upkeepAlarms: readonly AlarmEntry[] = [
  {
    id: 'clean-up-stopped',
    means: 'No clean-up has come to its end for ten minutes, so holds may not end and money may wait.',
    // It writes this metric at its end, so a clean-up that starts and dies counts as none.
    watches: (watched) => keyunMetric(watched, 'AttentionWaiting', 'SampleCount'),
    goesOff: { below: 1 },
    after: { bad: 2, of: 2 },
    silence: { means: 'the-fault', because: 'the clean-up writes the metric every minute, day and night' },
  },
  {
    id: 'clean-up-fails',
    means: 'The clean-up runs, but fails for some items again and again.',
    watches: (watched) =>
      new MathExpression({
        // A clean-up that never comes to its end is clean-up-stopped.
        expression: 'IF(ended > 0, errors, 0)',
        usingMetrics: {
          ended: keyunMetric(watched, 'AttentionWaiting', 'SampleCount'),
          errors: watched.selling.functions['schedule/clean-up'].metricErrors(perFiveMinutes),
        },
        period: Duration.minutes(5),
        label: 'failed clean-ups',
      }),
    goesOff: { above: 2 },
    after: { bad: 2, of: 2 },
    silence: noCleanUpIsAnotherAlarm,
  },
  {
    id: 'sweep-stopped',
    means: 'The search for lost seats has not run for a quarter of an hour.',
    watches: (watched) =>
      new MathExpression({
        // Only beside clean-ups that come to their end: without them clean-up-stopped goes off, and just after the
        // first deployment there are too few.
        expression: 'IF(ended >= 10 AND FILL(sweeps, 0) < 1, 1, 0)',
        usingMetrics: {
          ended: keyunMetric(watched, 'AttentionWaiting', 'SampleCount', Duration.minutes(15)),
          sweeps: watched.selling.functions['schedule/free-orphans'].metricInvocations(perQuarter),
        },
        period: Duration.minutes(15),
        label: 'no sweep',
      }),
    goesOff: { above: 0 },
    after: { bad: 1, of: 1 },
    silence: noCleanUpIsAnotherAlarm,
  },
  {
    id: 'orphans-stay',
    means: 'Seats that belong to no order cannot be released, so nobody can buy them.',
    watches: ({ selling: { functions } }) => functions['schedule/free-orphans'].metricErrors(perFiveMinutes),
    goesOff: { above: 0 },
    after: { bad: 3, of: 3 },
    silence: { means: 'all-is-well', because: 'a sweep that does not run at all is sweep-stopped' },
  },
  {
    id: 'refunds-parked',
    means: 'A provider will not pay a refund, and it waits for a person.',
    watches: (watched) => keyunMetric(watched, 'RefundsParked', 'Maximum'),
    goesOff: { above: 0 },
    after: { bad: 2, of: 2 },
    silence: noCleanUpIsAnotherAlarm,
  },
  {
    id: 'attention-waiting',
    means: 'Something needs a person, other than refunds that a provider will not pay.',
    watches: (watched) =>
      new MathExpression({
        // Those have their own alarm.
        expression: 'IF(waiting > FILL(parked, 0), 1, 0)',
        usingMetrics: {
          waiting: keyunMetric(watched, 'AttentionWaiting', 'Maximum'),
          parked: keyunMetric(watched, 'RefundsParked', 'Maximum'),
        },
        period: Duration.minutes(5),
        label: 'something else waits',
      }),
    goesOff: { above: 0 },
    after: { bad: 2, of: 2 },
    silence: noCleanUpIsAnotherAlarm,
  },
  {
    id: 'attention-old',
    means: 'Something has needed a person for a day, and money may depend on it.',
    watches: (watched) => keyunMetric(watched, 'AttentionOldest', 'Maximum'),
    goesOff: { above: Duration.days(1).toSeconds() },
    after: { bad: 1, of: 1 },
    silence: noCleanUpIsAnotherAlarm,
  },
  {
    id: 'secrets-unusable',
    means: 'A secret is gone, is not JSON, or lacks keys, so functions that start have no such provider.',
    // Every function that reads a secret counts these: `shared/platform/secrets.ts`.
    watches: (watched) => keyunMetric(watched, 'SecretsUnusable', 'Sum'),
    goesOff: { above: 0 },
    after: { bad: 1, of: 3 },
    silence: quietWithoutEvents,
  },
  {
    id: 'runs-unreadable',
    means: 'Search leaves out runs that it cannot read, so nobody can buy them.',
    watches: (watched) => keyunMetric(watched, 'UnreadableRuns', 'Sum'),
    goesOff: { above: 0 },
    after: { bad: 1, of: 12 },
    silence: quietWithoutEvents,
  },
];

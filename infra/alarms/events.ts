import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { WorkQueue } from '../constructs/event-queue.ts';
import type { TableStream } from '../constructs/table-stream.ts';
import { kebab, keyunMetric, perFiveMinutes, perMinute, perQuarter, sumOf } from './metrics.ts';
import { quietWithoutEvents, type AlarmEntry, type Silence } from './model.ts';

const each = <Thing extends WorkQueue | TableStream>(
  things: readonly Thing[],
  metricOf: (thing: Thing) => IMetric,
): Record<string, IMetric> =>
  Object.fromEntries(things.map((thing) => [kebab(thing.node.id), metricOf(thing)]));

const emptyQueueIsQuiet: Silence = {
  means: 'all-is-well',
  because: 'SQS stops to measure a queue that has been empty and unused for six hours',
};

/**
 * Whether a table was written while nobody read its stream. The stream's own metrics cannot tell: they are absent both
 * when the poller is dead and when nothing is written.
 */
const isStopped = ({ table, worker, batchingSeconds }: TableStream): IMetric => {
  // A write at the end of a period is read in the next: the longer a batch may wait, the longer the period.
  const period = batchingSeconds >= 30 ? Duration.hours(1) : Duration.minutes(5);
  return new MathExpression({
    expression: 'IF(FILL(written, 0) >= 1 AND FILL(reads, 0) < 1, 1, 0)',
    usingMetrics: {
      written: table.metricConsumedWriteCapacityUnits({ period, statistic: 'Sum' }),
      reads: worker.metricInvocations({ period, statistic: 'Sum' }),
    },
    period,
    label: 'written, but not read',
  });
};

/** What moves events from the tables to their workers. */
export const eventAlarms: readonly AlarmEntry[] = [
  {
    id: 'dead-letters',
    means: 'Messages of a queue failed five times and wait for a person.',
    watches: ({ selling: { queues } }) =>
      each(queues, ({ deadLetters }) => deadLetters.metricApproximateNumberOfMessagesVisible(perMinute)),
    goesOff: { above: 0 },
    after: { bad: 1, of: 1 },
    silence: emptyQueueIsQuiet,
  },
  {
    id: 'lost-records',
    means: 'Lambda gave up records of a table’s stream, and you cannot send them again.',
    watches: ({ selling: { streams } }) =>
      each(streams, ({ deadLetters }) => deadLetters.metricApproximateNumberOfMessagesVisible(perMinute)),
    goesOff: { above: 0 },
    after: { bad: 1, of: 1 },
    silence: emptyQueueIsQuiet,
  },
  {
    id: 'messages-wait',
    means: 'The oldest message of a queue has waited for ten minutes.',
    watches: ({ selling: { queues } }) =>
      each(queues, ({ queue }) =>
        queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5), statistic: 'Maximum' }),
      ),
    goesOff: { above: 600 },
    after: { bad: 2, of: 2 },
    silence: emptyQueueIsQuiet,
  },
  {
    id: 'stream-late',
    means: 'A function that reads a table’s stream is five minutes behind.',
    watches: ({ selling: { streams } }) =>
      each(streams, ({ worker }) => worker.metric('IteratorAge', perMinute)),
    goesOff: { above: Duration.minutes(5).toMilliseconds() },
    after: { bad: 5, of: 5 },
    silence: {
      means: 'all-is-well',
      because:
        'Lambda measures the age of records that it reads; a stream that nobody reads is stream-stopped',
    },
  },
  {
    id: 'stream-stopped',
    means: 'A table is written, but nobody reads its stream.',
    watches: ({ selling: { streams } }) => each(streams, isStopped),
    goesOff: { above: 0 },
    // One period alone may end between a write and its reading; two in the same hour mean that nobody reads.
    after: { bad: 2, of: 12 },
    silence: {
      means: 'all-is-well',
      because: 'without a write there is nothing to read; with one, the expression has a value',
    },
  },
  {
    id: 'events-missed',
    means: 'The clean-up does the work of events that never arrived.',
    watches: (watched) => keyunMetric(watched, 'MissedEvents', 'Sum', Duration.minutes(15)),
    goesOff: { above: 4 },
    after: { bad: 1, of: 1 },
    silence: {
      means: 'all-is-well',
      because: 'the clean-up counts only what it finds; whether it runs at all is clean-up-stopped',
    },
  },
  {
    id: 'events-undelivered',
    means: 'SNS cannot deliver events to a queue.',
    watches: ({ selling: { topic } }) => topic.metricNumberOfNotificationsFailed(perFiveMinutes),
    goesOff: { above: 0 },
    after: { bad: 1, of: 1 },
    silence: quietWithoutEvents,
  },
  {
    id: 'rules-fail',
    means:
      'EventBridge cannot start what its rules name: the clean-up, the sweep, the reconciliation, the restart of a workflow, or the record of a bounce.',
    watches: ({ selling: { rules } }) =>
      sumOf(
        rules.map(
          ({ ruleName }) =>
            new Metric({
              namespace: 'AWS/Events',
              metricName: 'FailedInvocations',
              dimensionsMap: { RuleName: ruleName },
              ...perFiveMinutes,
            }),
        ),
        Duration.minutes(5),
        'failed invocations',
      ),
    goesOff: { above: 0 },
    after: { bad: 1, of: 1 },
    silence: quietWithoutEvents,
  },
  {
    id: 'restarts-lost',
    means: 'Workflows died, and the function that restarts them failed too.',
    watches: ({ selling: { lostRestarts } }) =>
      lostRestarts.metricApproximateNumberOfMessagesVisible(perMinute),
    goesOff: { above: 0 },
    after: { bad: 1, of: 1 },
    silence: emptyQueueIsQuiet,
  },
  {
    id: 'workflows-restart',
    means: 'Workflows of several orders died within a quarter of an hour and were restarted.',
    watches: ({ selling: { stateMachine } }) =>
      sumOf(
        [
          stateMachine.metricFailed(perQuarter),
          stateMachine.metricTimedOut(perQuarter),
          stateMachine.metricAborted(perQuarter),
        ],
        Duration.minutes(15),
        'workflows that died',
      ),
    // One that dies restarts by itself, up to five times; then attention-waiting goes off.
    goesOff: { above: 2 },
    after: { bad: 1, of: 1 },
    silence: quietWithoutEvents,
  },
];

import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  Metric,
  TextWidget,
  type IAlarm,
  type IMetric,
  type IWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { providerNames } from '../../functions/routes.ts';
import { alarmEntries } from '../alarms/registry.ts';
import { keyunMetricBy } from '../alarms/metrics.ts';
import type { Watched } from '../alarms/model.ts';
import { runbookOf } from '../alarms/runbooks.ts';

const graph = (title: string, left: IMetric[]): GraphWidget => new GraphWidget({ title, left, width: 8 });

/** What each alarm means, and its page. */
const runbooks = ({ deployment }: Watched): TextWidget =>
  new TextWidget({
    width: 24,
    height: 12,
    markdown: [
      '## What the alarms mean, and what to do',
      ...alarmEntries.map(({ id, means }) => {
        const page = runbookOf(id, deployment);
        return `- ${deployment.docsUrl ? `[${id}](${page})` : `**${id}** (${page})`}: ${means}`;
      }),
    ].join('\n'),
  });

const buying = ({ api: { api }, selling: { stateMachine } }: Watched): IWidget[] => [
  graph('Requests', [api.api.metricCount(), api.api.metricClientError(), api.api.metricServerError()]),
  graph('Latency', [
    api.api.metricLatency({ statistic: 'p50', label: 'p50' }),
    api.api.metricLatency({ statistic: 'p99', label: 'p99' }),
  ]),
  graph('Purchases', [
    stateMachine.metricStarted(),
    stateMachine.metricSucceeded(),
    stateMachine.metricFailed(),
    stateMachine.metricTimedOut(),
  ]),
];

const events = ({ selling: { queues, streams } }: Watched): IWidget[] => [
  graph(
    'Oldest message, seconds',
    queues.map(({ node, queue }) => queue.metricApproximateAgeOfOldestMessage({ label: node.id })),
  ),
  graph(
    'Streams behind, milliseconds',
    streams.map(({ node, worker }) => worker.metric('IteratorAge', { statistic: 'Maximum', label: node.id })),
  ),
  graph(
    'Dead letters',
    [...queues, ...streams].map(({ node, deadLetters }) =>
      deadLetters.metricApproximateNumberOfMessagesVisible({ label: node.id }),
    ),
  ),
];

const work = ({ deployment: { stage }, api, selling: { functions } }: Watched): IWidget[] => [
  // The account's sums, since a line for each function would make the dashboard a paid one.
  graph('All functions of the account', [
    LambdaFunction.metricAllErrors({ label: 'errors' }),
    LambdaFunction.metricAllThrottles({ label: 'refused by Lambda' }),
    LambdaFunction.metricAllConcurrentExecutions({ statistic: 'Maximum', label: 'at once' }),
  ]),
  graph('Purchase functions, p99 milliseconds', [
    ...[
      api.functions['api/orders/place-order'],
      api.functions['api/payments/create-payment'],
      functions['events/apply-payment'],
      functions['workflow/issue'],
    ].map((one) => one.metricDuration({ statistic: 'p99', label: one.entry })),
    functions['schedule/clean-up'].metricDuration({ statistic: 'Maximum', label: 'clean-up' }),
  ]),
  graph(
    'What Keyun counts',
    [
      'AttentionWaiting',
      'RefundsParked',
      'ProviderRefusals',
      'MissedEvents',
      'UnreadableRuns',
      'GatewayThrottles',
    ].map(
      (metricName) =>
        new Metric({ namespace: 'Keyun', metricName, dimensionsMap: { stage }, statistic: 'Maximum' }),
    ),
  ),
];

const providers = (watched: Watched): IWidget[] =>
  [
    ['Requests to providers, p90 milliseconds', 'ProviderTime', 'p90'] as const,
    ['Requests without an answer, share', 'ProviderSilence', 'Average'] as const,
    ['Notifications that verify, share; anybody can post others', 'NotificationVerified', 'Average'] as const,
  ].map(([title, metricName, statistic]) =>
    graph(
      title,
      providerNames.map((provider) =>
        keyunMetricBy(
          watched,
          { provider },
          Duration.minutes(5),
        )(metricName, statistic).with({
          label: provider,
        }),
      ),
    ),
  );

/**
 * One page: the alarms and their pages, the health of the API, the progress of purchases, and growing queues. A dashboard
 * of up to 50 metrics is free for an account that has at most three.
 */
export const addDashboard = (scope: Construct, watched: Watched, alarms: IAlarm[]): void => {
  new Dashboard(scope, 'Dashboard', {
    dashboardName: `Keyun-${watched.deployment.stage}`,
    defaultInterval: Duration.hours(3),
    widgets: [
      [new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24, height: 5 })],
      buying(watched),
      events(watched),
      work(watched),
      providers(watched),
      [runbooks(watched)],
    ],
  });
};

import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, Metric, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { providerNames } from '../../functions/routes.ts';
import type { ApiStack } from '../stacks/api.ts';
import type { SellingStack } from '../stacks/selling.ts';
import type { Deployment } from './deployment.ts';

export type Watched = { deployment: Deployment; api: ApiStack; selling: SellingStack };

const graph = (title: string, left: IMetric[]): GraphWidget => new GraphWidget({ title, left, width: 8 });

/** One page: the health of the API, the progress of purchases, and growing queues. */
export const addDashboard = (scope: Construct, watched: Watched): void => {
  const { api } = watched.api;
  const { stateMachine, queues, streams } = watched.selling;
  const functions = { ...watched.api.functions, ...watched.selling.functions };
  new Dashboard(scope, 'Dashboard', {
    dashboardName: `Keyun-${watched.deployment.stage}`,
    defaultInterval: Duration.hours(3),
    widgets: [
      [
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
      ],
      [
        graph(
          'Oldest message, seconds',
          queues.map(({ node, queue }) => queue.metricApproximateAgeOfOldestMessage({ label: node.id })),
        ),
        graph(
          'Streams behind, milliseconds',
          streams.map(({ node, worker }) =>
            worker.metric('IteratorAge', { statistic: 'Maximum', label: node.id }),
          ),
        ),
        graph(
          'Dead letters',
          [...queues, ...streams].map(({ node, deadLetters }) =>
            deadLetters.metricApproximateNumberOfMessagesVisible({ label: node.id }),
          ),
        ),
      ],
      [
        graph(
          'Function errors',
          Object.values(functions).map((one) => one.metricErrors({ label: one.entry })),
        ),
        graph('Clean-up, milliseconds', [
          functions['schedule/clean-up'].metricDuration({ statistic: 'Maximum' }),
        ]),
        graph('Needs a person', [
          new Metric({
            namespace: 'Keyun',
            metricName: 'AttentionWaiting',
            dimensionsMap: { stage: watched.deployment.stage },
            statistic: 'Maximum',
          }),
        ]),
        graph('Throttled', [
          functions['api/orders/place-order'].metricThrottles({ label: 'api/orders/place-order' }),
          ...providerNames.map((name) =>
            functions[`payment-callbacks/${name}`].metricThrottles({ label: `payment-callbacks/${name}` }),
          ),
        ]),
      ],
    ],
  });
};

import { Duration } from 'aws-cdk-lib';
import { MathExpression, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { byProvider, type ProviderName } from '../constructs/by-provider.ts';
import { keyunMetric, keyunMetricBy } from './metrics.ts';
import { quietWithoutEvents, type AlarmEntry, type Watched } from './model.ts';

const quarter = Duration.minutes(15);

/** Fewer requests say nothing about how slow a provider is. */
const enoughRequests = 20;

/** An expression over the metrics of each provider: its mail names the provider. */
const eachProvider = (
  expression: string,
  metricsOf: (provider: ProviderName) => Record<string, IMetric>,
  label: string,
): Record<string, IMetric> =>
  byProvider(
    (provider) =>
      new MathExpression({ expression, usingMetrics: metricsOf(provider), period: quarter, label }),
  );

const metricOf = (watched: Watched) => (provider: string) => keyunMetricBy(watched, { provider }, quarter);

/** What happens between us and the payment providers. docs/adr/0030 says why nobody outside can set these off. */
export const providerAlarms: readonly AlarmEntry[] = [
  {
    id: 'providers-refuse',
    means:
      'A payment provider refuses our requests, so nobody can pay with it, no payment closes and no refund goes out.',
    // Every function that asks a provider counts these: `shared/paying/report-refusal.ts`.
    watches: (watched) => keyunMetric(watched, 'ProviderRefusals', 'Sum'),
    goesOff: { above: 0 },
    // It goes on while nobody happens to ask, so it does not go off again with each request.
    after: { bad: 1, of: 3 },
    silence: quietWithoutEvents,
  },
  {
    id: 'providers-silent',
    means: 'A payment provider does not answer one in five of our requests, or answers with its own faults.',
    // Each request counts as 0 or 1: `shared/payments/count-request.ts`.
    watches: (watched) =>
      eachProvider(
        'IF(silent >= 5 AND share >= 0.2, 1, 0)',
        (provider) => ({
          silent: metricOf(watched)(provider)('ProviderSilence', 'Sum'),
          share: metricOf(watched)(provider)('ProviderSilence', 'Average'),
        }),
        'requests without an answer',
      ),
    goesOff: { above: 0 },
    after: { bad: 1, of: 1 },
    silence: quietWithoutEvents,
  },
  {
    id: 'providers-slow',
    means: 'One in ten requests to a payment provider takes longer than two seconds.',
    watches: (watched) =>
      eachProvider(
        `IF(answers >= ${enoughRequests}, slowest, 0)`,
        (provider) => ({
          answers: metricOf(watched)(provider)('ProviderTime', 'SampleCount'),
          slowest: metricOf(watched)(provider)('ProviderTime', 'p90'),
        }),
        'p90 in milliseconds',
      ),
    goesOff: { above: 2000 },
    after: { bad: 2, of: 2 },
    silence: quietWithoutEvents,
  },
  {
    id: 'notifications-fail',
    means: 'Money comes, but the notifications of its provider do not verify or do not arrive.',
    // Forged ones count on neither side, so nobody outside can set it off or hide a fault behind a flood of them.
    watches: (watched) =>
      eachProvider(
        'IF(found >= 3 AND found > FILL(verified, 0), 1, 0)',
        (provider) => ({
          found: metricOf(watched)(provider)('FoundByAsking', 'Sum'),
          verified: metricOf(watched)(provider)('NotificationVerified', 'Sum'),
        }),
        'genuine notifications fail',
      ),
    goesOff: { above: 0 },
    after: { bad: 1, of: 1 },
    silence: quietWithoutEvents,
  },
];

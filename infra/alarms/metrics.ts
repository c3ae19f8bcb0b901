import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Watched } from './model.ts';

export const perMinute = { period: Duration.minutes(1), statistic: 'Maximum' };
export const perFiveMinutes = { period: Duration.minutes(5), statistic: 'Sum' };
export const perQuarter = { period: Duration.minutes(15), statistic: 'Sum' };

type Statistic = 'Sum' | 'Maximum' | 'SampleCount' | 'Average' | 'p90';

/** A metric that our functions write: `shared/platform/metrics.ts`. */
export const keyunMetric = (
  { deployment: { stage } }: Watched,
  metricName: string,
  statistic: Statistic,
  period: Duration = Duration.minutes(5),
): Metric => new Metric({ namespace: 'Keyun', metricName, dimensionsMap: { stage }, statistic, period });

/** The same for a metric that has a value for each of several things, such as providers. */
export const keyunMetricBy =
  ({ deployment: { stage } }: Watched, by: Readonly<Record<string, string>>, period: Duration) =>
  (metricName: string, statistic: Statistic): Metric =>
    new Metric({ namespace: 'Keyun', metricName, dimensionsMap: { stage, ...by }, statistic, period });

/**
 * The sum of up to ten metrics, which is CloudWatch's limit for an alarm. An absent value counts as 0, so that the
 * sum is there whenever one of them is; an alarm on AWS/DynamoDB metrics would otherwise never end, because
 * CloudWatch always ignores their missing data.
 */
export const sumOf = (metrics: readonly IMetric[], period: Duration, label: string): MathExpression => {
  const names = metrics.map((_, index) => `m${index}`);
  return new MathExpression({
    expression: `SUM([${names.map((name) => `FILL(${name}, 0)`).join(', ')}])`,
    usingMetrics: Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric])),
    period,
    label,
  });
};

/** `SendEmail` → `send-email`, `events/send-email` → `send-email` */
export const kebab = (name: string): string =>
  name
    .replace(/^.*\//, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-')
    .toLowerCase();

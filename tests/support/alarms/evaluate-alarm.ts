import * as z from 'zod';
import { parseMetricMath, type Value } from './metric-math.ts';

/** A value that a service or a function has measured, in milliseconds of time. */
export type Datapoint = {
  namespace: string;
  name: string;
  /** By name; the logical id of a resource stands for its name. */
  dimensions: Readonly<Record<string, string>>;
  at: number;
  value: number;
};

const dimensionsSchema = z.array(z.object({ Name: z.string(), Value: z.json() })).default([]);
const metricSchema = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: dimensionsSchema,
});
const alarmSchema = z.object({
  AlarmName: z.string(),
  ComparisonOperator: z.enum(['GreaterThanThreshold', 'LessThanThreshold']),
  Threshold: z.number(),
  EvaluationPeriods: z.number(),
  DatapointsToAlarm: z.number(),
  TreatMissingData: z.enum(['breaching', 'notBreaching']),
  Period: z.number().optional(),
  Statistic: z.string().optional(),
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: dimensionsSchema,
  Metrics: z
    .array(
      z.object({
        Id: z.string(),
        Expression: z.string().optional(),
        MetricStat: z.object({ Metric: metricSchema, Period: z.number(), Stat: z.string() }).optional(),
      }),
    )
    .optional(),
});

/** A metric of an alarm, with its statistic over its period in seconds. */
export type Watched = {
  id: string;
  namespace: string;
  name: string;
  dimensions: Readonly<Record<string, unknown>>;
  period: number;
  statistic: string;
};
export type ReadAlarm = {
  name: string;
  watched: Watched[];
  expression: string;
  period: number;
  isBad: (value: Value) => boolean;
  bad: number;
  of: number;
};

const watchedOf = (id: string, metric: z.output<typeof metricSchema>, period: number, statistic: string) => ({
  id,
  namespace: metric.Namespace,
  name: metric.MetricName,
  dimensions: Object.fromEntries(metric.Dimensions.map(({ Name, Value }) => [Name, Value])),
  period,
  statistic,
});

/** An alarm of the template, in one shape whether it watches one metric or an expression. */
export const readAlarm = (properties: unknown): ReadAlarm => {
  const alarm = alarmSchema.parse(properties);
  const single = () => watchedOf('m', metricSchema.parse(alarm), alarm.Period ?? 0, alarm.Statistic ?? 'Sum');
  const watched = alarm.Metrics
    ? alarm.Metrics.flatMap(({ Id, MetricStat: stat }) =>
        stat ? [watchedOf(Id, stat.Metric, stat.Period, stat.Stat)] : [],
      )
    : [single()];
  const isBad = (value: number): boolean =>
    alarm.ComparisonOperator === 'GreaterThanThreshold' ? value > alarm.Threshold : value < alarm.Threshold;
  return {
    name: alarm.AlarmName,
    watched,
    expression: alarm.Metrics?.find(({ Expression }) => Expression)?.Expression ?? 'm',
    period: watched[0]?.period ?? 0,
    isBad: (value) => (value === undefined ? alarm.TreatMissingData === 'breaching' : isBad(value)),
    bad: alarm.DatapointsToAlarm,
    of: alarm.EvaluationPeriods,
  };
};

const statistics: Readonly<Record<string, (values: number[]) => number>> = {
  Sum: (values) => values.reduce((a, b) => a + b, 0),
  Maximum: (values) => Math.max(...values),
  SampleCount: (values) => values.length,
  Average: (values) => values.reduce((a, b) => a + b, 0) / values.length,
  p90: (values) => percentile(values, 0.9),
  p99: (values) => percentile(values, 0.99),
};

const percentile = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * part) - 1] ?? 0;

type Identified = { namespace: string; name: string; dimensions: Readonly<Record<string, unknown>> };

const keyOf = ({ namespace, name, dimensions }: Identified, nameOf: (value: unknown) => string): string =>
  JSON.stringify([
    namespace,
    name,
    Object.keys(dimensions)
      .toSorted()
      .map((dimension) => [dimension, nameOf(dimensions[dimension])]),
  ]);

type ByMetric = ReadonlyMap<string, Datapoint[]>;

/** Each list of points is sorted once: tests ask about the same list for every minute of a night. */
const sorted = new WeakMap<readonly Datapoint[], ByMetric>();

const byMetric = (points: readonly Datapoint[]): ByMetric => {
  const known = sorted.get(points) ?? Map.groupBy(points, (point) => keyOf(point, String));
  sorted.set(points, known);
  return known;
};

const minute = 60_000;

/**
 * Whether an alarm is off at `now`, by CloudWatch's rule "M out of N": so many of the last periods are bad, the last of
 * which ends with the last whole minute. A period without data counts as the alarm says.
 */
export const isOff = (
  alarm: ReadAlarm,
  points: readonly Datapoint[],
  { now, nameOf = String }: { now: number; nameOf?: (value: unknown) => string },
): boolean => {
  const value = parseMetricMath(alarm.expression);
  const length = alarm.period * 1000;
  const end = Math.floor(now / minute) * minute;
  const all = byMetric(points);
  const mine = new Map(alarm.watched.map((watched) => [watched.id, all.get(keyOf(watched, nameOf)) ?? []]));
  const ofPeriod = (id: string, from: number): Value => {
    const values = (mine.get(id) ?? []).filter(({ at }) => at >= from && at < from + length);
    const fold = statistics[alarm.watched.find((watched) => watched.id === id)?.statistic ?? ''];
    if (!fold) throw new Error(`${alarm.name} uses a statistic that is not known here`);
    return values.length === 0 ? undefined : fold(values.map((point) => point.value));
  };
  const periods = Array.from({ length: alarm.of }, (_, n) => end - (n + 1) * length);
  return periods.filter((from) => alarm.isBad(value((id) => ofPeriod(id, from)))).length >= alarm.bad;
};

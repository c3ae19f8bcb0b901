import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ServiceFunction } from '../constructs/service-function.ts';
import { keyunMetric, perFiveMinutes, sumOf } from './metrics.ts';
import { quietWithoutEvents, type AlarmEntry, type Watched } from './model.ts';

/** Buyers or a workflow wait for these. */
const purchaseFunctions = ({ api, selling }: Watched): ServiceFunction[] => [
  api.functions['api/orders/place-order'],
  api.functions['api/payments/create-payment'],
  selling.functions['events/apply-payment'],
  selling.functions['workflow/issue'],
];

/** Few requests say nothing about a percentile: one cold start would be all of it. */
const enoughRequests = 100;

const fiveMinutes = Duration.minutes(5);

/** What buyers notice. */
export const buyingAlarms: readonly AlarmEntry[] = [
  {
    id: 'api-errors',
    means: 'The API answers with server errors.',
    watches: ({ api }) => api.api.api.metricServerError(perFiveMinutes),
    goesOff: { above: 10 },
    after: { bad: 2, of: 2 },
    silence: quietWithoutEvents,
  },
  {
    id: 'api-slow',
    means: 'One in a hundred requests to the API takes longer than three seconds.',
    watches: ({ api: { api } }) =>
      new MathExpression({
        expression: `IF(requests >= ${enoughRequests}, slowest, 0)`,
        usingMetrics: {
          requests: api.api.metricCount(perFiveMinutes),
          slowest: api.api.metricLatency({ period: fiveMinutes, statistic: 'p99' }),
        },
        period: fiveMinutes,
        label: 'p99 in milliseconds',
      }),
    goesOff: { above: 3000 },
    after: { bad: 3, of: 3 },
    silence: quietWithoutEvents,
  },
  {
    id: 'api-throttled',
    means: 'The gateway turns requests away with 429, because there are more than it may let through.',
    // HTTP APIs count 429 only among all 4xx, so a filter of the access log counts what the gateway itself refused.
    watches: (watched) => keyunMetric(watched, 'GatewayThrottles', 'Sum'),
    goesOff: { above: 50 },
    after: { bad: 2, of: 2 },
    silence: quietWithoutEvents,
  },
  {
    id: 'functions-throttled',
    means: 'Lambda refuses to start functions, because the account may not run more at once.',
    // The account's own sum, for one metric instead of one for each function: all functions share its limit.
    watches: () => LambdaFunction.metricAllThrottles(perFiveMinutes),
    goesOff: { above: 20 },
    after: { bad: 2, of: 3 },
    silence: quietWithoutEvents,
  },
  {
    id: 'purchases-slow',
    means: 'A function that a purchase waits for takes longer than five seconds, one time in a hundred.',
    watches: (watched) => {
      const functions = purchaseFunctions(watched);
      const slowest = functions.map(
        (_, n) => `IF(FILL(calls${n}, 0) >= ${enoughRequests}, FILL(slow${n}, 0), 0)`,
      );
      return new MathExpression({
        expression: `MAX([${slowest.join(', ')}])`,
        usingMetrics: Object.fromEntries(
          functions.flatMap((one, n) => [
            [`calls${n}`, one.metricInvocations(perFiveMinutes)],
            [`slow${n}`, one.metricDuration({ period: fiveMinutes, statistic: 'p99' })],
          ]),
        ),
        period: fiveMinutes,
        label: 'p99 of the slowest, in milliseconds',
      });
    },
    goesOff: { above: 5000 },
    after: { bad: 3, of: 3 },
    silence: quietWithoutEvents,
  },
  {
    id: 'tables-throttled',
    means: 'DynamoDB refuses reads or writes, because a table or one of its keys takes no more.',
    watches: ({ data }) => {
      const tables = [data.inventory, data.bookings, data.timetable, data.availability];
      const counted = tables.flatMap((table) => [
        table.metric('ReadThrottleEvents', perFiveMinutes),
        table.metric('WriteThrottleEvents', perFiveMinutes),
      ]);
      // An index that takes no more refuses the writes of its table, and counts them as its own.
      const indexes = ['due', 'byUser'].map((index) =>
        data.bookings.metric('WriteThrottleEvents', {
          ...perFiveMinutes,
          dimensionsMap: { TableName: data.bookings.tableName, GlobalSecondaryIndexName: index },
        }),
      );
      return sumOf([...counted, ...indexes], fiveMinutes, 'refused reads and writes');
    },
    goesOff: { above: 20 },
    after: { bad: 2, of: 3 },
    silence: quietWithoutEvents,
  },
];

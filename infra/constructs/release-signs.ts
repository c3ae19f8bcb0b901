import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { GradualRelease, perMinute } from './gradual-release.ts';
import type { FunctionsOf } from './make-functions.ts';

/** A function that answers HTTP turns its own failures into answers, so Lambda does not count them: the gateway does. */
export const releaseApiGradually = (
  scope: Construct,
  api: HttpApi,
  functions: FunctionsOf<'api' | 'payment-callbacks'>,
): void => {
  new GradualRelease(scope, 'ApiRelease', {
    functions: Object.values(functions),
    signs: {
      AnswersFail: {
        description: 'The API answered with five server errors in a minute.',
        metric: api.metricServerError(perMinute),
        threshold: 5,
      },
    },
  });
};

/**
 * The workflow's functions end in named errors where a purchase goes another way, which Lambda counts as failures: only the
 * failed executions tell. A worker of a queue reports messages that fail one by one, and Lambda counts those that it could not
 * even begin.
 */
export const releaseSellingGradually = (
  scope: Construct,
  purchase: StateMachine,
  functions: FunctionsOf<'workflow' | 'events'>,
): void => {
  const workers = Object.values(functions).filter(({ alias, entry }) => alias && entry.startsWith('events/'));
  const names = workers.map((_, index) => `worker${index}`);
  new GradualRelease(scope, 'SellingRelease', {
    functions: Object.values(functions),
    signs: {
      PurchasesFail: {
        description: 'An execution of the workflow failed for an unexpected reason.',
        metric: purchase.metricFailed(perMinute),
        threshold: 1,
      },
      WorkersFail: {
        description:
          'The functions behind the queues of purchases and refunds failed three times in a minute.',
        metric: new MathExpression({
          // A function that nobody called in this minute has no value.
          expression: names.map((name) => `FILL(${name}, 0)`).join(' + '),
          usingMetrics: Object.fromEntries(
            workers.map((worker, index) => [names[index] ?? '', worker.metricErrors(perMinute)]),
          ),
          period: perMinute.period,
          label: 'Failures',
        }),
        threshold: 3,
      },
    },
  });
};

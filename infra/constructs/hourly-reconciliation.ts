import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { ServiceFunction } from './service-function.ts';

/**
 * Compares the providers' bills with our books. Bills are ready at different hours, and a provider may be late or out of
 * order, so it looks every hour for days that have no report yet; most calls find none.
 */
export class HourlyReconciliation extends Construct {
  readonly rule: Rule;

  constructor(scope: Construct, id: string, worker: ServiceFunction) {
    super(scope, id);
    // The next hour is the retry.
    worker.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(5) });
    this.rule = new Rule(this, 'EveryHour', {
      description: 'Compares the bills of the payment providers with the books',
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [new LambdaFunction(worker, { retryAttempts: 0, maxEventAge: Duration.minutes(5) })],
    });
  }
}

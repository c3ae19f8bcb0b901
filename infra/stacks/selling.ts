import { ArnFormat, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { subscribers, subscriptions, type Subscriber } from '../../functions/subscriptions.ts';
import type { Deployment } from '../constructs/deployment.ts';
import { deadLetters, EventQueue, type WorkQueue } from '../constructs/event-queue.ts';
import { HourlyReconciliation } from '../constructs/hourly-reconciliation.ts';
import { MailReports } from '../constructs/mail-reports.ts';
import { makeFunctions, type FunctionsOf } from '../constructs/make-functions.ts';
import { PurchaseWorkflow } from '../constructs/purchase-workflow.ts';
import { TableStream } from '../constructs/table-stream.ts';
import { releaseSellingGradually } from '../constructs/release-signs.ts';
import { workerLimits, type WorkerLimits } from '../constructs/worker-limits.ts';
import type { DataStack } from './data.ts';

export type SellingStackProps = StackProps & {
  deployment: Deployment;
  data: DataStack;
  /** The folder of each function's code. */
  codes: Readonly<Record<string, string>>;
};

type Functions = FunctionsOf<'workflow' | 'events' | 'schedule'>;

/** The id of each queue. */
const queueIds: Readonly<Record<Subscriber, string>> = {
  'start-purchase': 'StartPurchase',
  'apply-payment': 'ApplyPayment',
  'submit-refund': 'SubmitRefund',
  'allocate-seats': 'AllocateSeats',
  'send-email': 'SendEmail',
};

/** From a held seat to its ticket or its release: the workflow, the events, and the clean-up as the second mechanism. */
export class SellingStack extends Stack {
  readonly stateMachine: StateMachine;
  readonly streams: readonly TableStream[];
  readonly queues: readonly WorkQueue[];
  readonly functions: Functions;
  /** The topic of events. */
  readonly topic: Topic;
  readonly rules: readonly Rule[];
  /** Dead workflows that nobody could restart. */
  readonly lostRestarts: Queue;
  /** Made from its name: the workflow invokes functions that answer it, so CDK cannot create one before the other. */
  readonly purchaseArn: string;

  constructor(scope: Construct, id: string, props: SellingStackProps) {
    super(scope, id, props);
    const { deployment, data, codes } = props;
    const name = `Keyun-${deployment.stage}-purchase`;
    this.purchaseArn = this.formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: name,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.topic = new Topic(this, 'Events', { masterKey: data.key, enforceSSL: true });
    const granted = { deployment, data, events: this.topic, purchaseArn: this.purchaseArn };
    this.functions = makeFunctions(this, ['workflow', 'events', 'schedule'], { codes, granted });

    const workflow = new PurchaseWorkflow(this, 'Workflow', { name, functions: this.functions });
    this.stateMachine = workflow.stateMachine;
    const limits = workerLimits(deployment.concurrency);
    this.streams = this.#streams(data, limits);
    const reports = new MailReports(this, 'MailReports', {
      mail: data.mail,
      worker: this.functions['events/record-mail-report'],
      collectSeconds: limits.collectSeconds,
    });
    this.queues = [...this.#queues(limits), reports];
    this.lostRestarts = deadLetters(this, 'LostRestarts');
    this.rules = [
      this.#cleanUp(),
      this.#freeOrphans(),
      this.#afterFailedPurchases(),
      reports.rule,
      new HourlyReconciliation(this, 'Reconciliation', this.functions['schedule/reconcile']).rule,
    ];
    if (deployment.release === 'gradual') releaseSellingGradually(this, this.stateMachine, this.functions);

    new CfnOutput(this, 'PurchaseStateMachineArn', { value: this.stateMachine.stateMachineArn });
  }

  #streams(data: DataStack, limits: WorkerLimits): TableStream[] {
    const { functions } = this;
    return [
      // All events of all orders pass through here, so Lambda halves a failing batch until it finds the failing record.
      new TableStream(this, 'BookingsStream', {
        table: data.bookings,
        worker: functions['events/publish-events'],
        retryAttempts: 20,
        parallelizationFactor: limits.publishing,
        maxBatchingWindow: Duration.seconds(limits.collectSeconds),
      }),
      // The view lags a second on purpose: a rush of holds on one run becomes one write.
      new TableStream(this, 'InventoryStream', {
        table: data.inventory,
        worker: functions['events/update-availability'],
        retryAttempts: 5,
        maxBatchingWindow: Duration.seconds(1),
      }),
      // It can wait: later nearly every hold has its order, and one read checks many.
      new TableStream(this, 'HoldsStream', {
        table: data.inventory,
        worker: functions['events/watch-holds'],
        retryAttempts: 20,
        batchSize: 1000,
        maxBatchingWindow: Duration.seconds(30),
      }),
    ];
  }

  #queues(limits: WorkerLimits): EventQueue[] {
    const { topic } = this;
    return subscribers.map((name) => {
      const worker = this.functions[`events/${name}`];
      return new EventQueue(this, queueIds[name], {
        topic,
        worker,
        events: subscriptions[name],
        maxConcurrency: limits.queues[name],
        collectSeconds: limits.collectSeconds,
      });
    });
  }

  /** The second, independent mechanism that ends holds and applies money: an alarm must notice if it stops. */
  #cleanUp(): Rule {
    const worker = this.functions['schedule/clean-up'];
    // The next minute is the retry.
    worker.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    return new Rule(this, 'EveryMinute', {
      description:
        'Runs the clean-up: it ends holds, closes payments, releases seats and restarts failed workflows',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(worker, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
  }

  /** Rare work without hurry: it releases seats whose function died, so that no seat is lost. */
  #freeOrphans(): Rule {
    const worker = this.functions['schedule/free-orphans'];
    worker.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    return new Rule(this, 'EveryFiveMinutes', {
      description: 'Continues the daily sweep: it releases seats that belong to no order and recounts views',
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new LambdaFunction(worker, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
  }

  #afterFailedPurchases(): Rule {
    const ended = {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: {
        status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
        stateMachineArn: [this.stateMachine.stateMachineArn],
      },
    };
    const restarter = this.functions['events/restart-purchase'];
    const { lostRestarts: deadLetterQueue } = this;
    // EventBridge gives up an event that Lambda does not accept, and Lambda one for which the function fails.
    restarter.configureAsyncInvoke({ onFailure: new SqsDestination(deadLetterQueue) });
    return new Rule(this, 'FailedPurchases', {
      description: 'Restarts a failed workflow',
      eventPattern: ended,
      targets: [
        new LambdaFunction(restarter, { deadLetterQueue, retryAttempts: 5, maxEventAge: Duration.hours(1) }),
      ],
    });
  }
}

import { ArnFormat, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { BundledFunction } from '../bundle.ts';
import { BookingApi, type ApiRoute } from '../constructs/booking-api.ts';
import { addDashboard } from '../constructs/dashboard.ts';
import type { Deployment } from '../constructs/deployment.ts';
import { EventQueue, type EventQueueProps } from '../constructs/event-queue.ts';
import { functionNames, grants, type FunctionName } from '../constructs/grants.ts';
import { Identity } from '../constructs/identity.ts';
import { codeOfFunctions, functionOfRoute } from '../constructs/match-functions.ts';
import { OperatorAlarms } from '../constructs/operator-alarms.ts';
import { PurchaseWorkflow } from '../constructs/purchase-workflow.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { TableStream } from '../constructs/table-stream.ts';
import type { DataStack } from './data.ts';

export type ServiceStackProps = StackProps & {
  deployment: Deployment;
  data: DataStack;
  routes: readonly ApiRoute[];
  /** One for every entry file below `functions/`. */
  bundles: readonly BundledFunction[];
};

type Functions = Record<FunctionName, ServiceFunction>;

/** Everything that runs, as a bill of materials. It holds nothing that could not be made again, but for its users. */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    super(scope, id, props);
    const { deployment, data } = props;
    const purchaseName = `Keyun-${deployment.stage}-purchase`;

    const alarms = new OperatorAlarms(this, 'Alarms', { key: data.key, email: deployment.operatorEmail });
    const identity = new Identity(this, 'Identity');
    const api = new BookingApi(this, 'BookingApi', { identity, alarms });
    const topic = new Topic(this, 'Events', { masterKey: data.key, enforceSSL: true });
    const publicUrl = deployment.publicUrl ?? api.url;

    const functions = this.#functions(props, topic, purchaseName, publicUrl);

    for (const route of props.routes) api.addRoute(route, functions[functionOfRoute(route)]);
    api.answerUnknownPaths(functions['api/not-found']);

    const { stateMachine } = new PurchaseWorkflow(this, 'Workflow', {
      name: purchaseName,
      functions,
      alarms,
    });

    const streams = this.#streams(data, functions, alarms);
    const queues = this.#queues(topic, functions, alarms);

    this.#cleanUp(functions['schedule/clean-up'], alarms);
    alarms.whenAPersonIsNeeded(deployment.stage);
    this.#freeOrphans(functions['schedule/free-orphans'], alarms);
    this.#afterFailedPurchases(stateMachine.stateMachineArn, functions['events/restart-purchase'], alarms);
    addDashboard(this, { deployment, api, stateMachine, queues, streams, functions });

    new CfnOutput(this, 'ApiUrl', { value: api.url });
    new CfnOutput(this, 'PublicUrl', { value: publicUrl });
    new CfnOutput(this, 'UserPoolId', { value: identity.userPool.userPoolId });
    new CfnOutput(this, 'UserPoolClientId', { value: identity.client.userPoolClientId });
    new CfnOutput(this, 'PurchaseStateMachineArn', { value: stateMachine.stateMachineArn });
    new CfnOutput(this, 'OperatorTopicArn', { value: alarms.topic.topicArn });
  }

  #functions(
    { deployment, data, bundles }: ServiceStackProps,
    events: Topic,
    purchaseName: string,
    publicUrl: string,
  ): Functions {
    const purchaseArn = this.formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: purchaseName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const granted = { deployment, data, events, purchaseArn, publicUrl };
    const codes = codeOfFunctions(bundles);
    return Object.fromEntries(
      functionNames.map((entry) => [
        entry,
        new ServiceFunction(this, { entry, code: codes[entry], grants: grants[entry], granted }),
      ]),
    ) as Functions;
  }

  #streams(data: DataStack, functions: Functions, alarms: OperatorAlarms): TableStream[] {
    return [
      // Every event of every order goes out through here, so a batch that fails is cut until its culprit is alone.
      new TableStream(this, 'BookingsStream', {
        table: data.bookings,
        worker: functions['events/publish-events'],
        alarms,
        retryAttempts: 20,
        parallelizationFactor: 4,
      }),
      // The view lags a second on purpose: a rush of holds on one run becomes one write.
      new TableStream(this, 'InventoryStream', {
        table: data.inventory,
        worker: functions['events/update-availability'],
        alarms,
        retryAttempts: 5,
        maxBatchingWindow: Duration.seconds(1),
      }),
      // In no hurry: by then nearly every hold has its order, and one read says so of many.
      new TableStream(this, 'HoldsStream', {
        table: data.inventory,
        worker: functions['events/watch-holds'],
        alarms,
        retryAttempts: 20,
        batchSize: 1000,
        maxBatchingWindow: Duration.seconds(30),
      }),
    ];
  }

  #queues(topic: Topic, functions: Functions, alarms: OperatorAlarms): EventQueue[] {
    const queue = (id: string, more: Omit<EventQueueProps, 'topic' | 'alarms'>) =>
      new EventQueue(this, id, { topic, alarms, ...more });
    return [
      queue('StartPurchase', {
        worker: functions['events/start-purchase'],
        events: ['order-held'],
        // StartExecution refills at 150 to 300 a second; the hold stands meanwhile.
        maxConcurrency: 5,
      }),
      queue('ApplyPayment', {
        worker: functions['events/apply-payment'],
        events: ['payment-captured'],
        maxConcurrency: 20,
      }),
      queue('SubmitRefund', {
        worker: functions['events/submit-refund'],
        events: ['refund-requested'],
        maxConcurrency: 5,
      }),
      queue('SendEmail', {
        worker: functions['events/send-email'],
        events: ['order-held', 'order-issued', 'order-expired', 'order-cancelled', 'order-refunded'],
        maxConcurrency: 5,
      }),
    ];
  }

  /** The second, independent way by which a hold ends and money is applied: it must never stop unnoticed. */
  #cleanUp(worker: ServiceFunction, alarms: OperatorAlarms): void {
    // The next minute is the retry.
    worker.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    new Rule(this, 'EveryMinute', {
      description: 'Ends what is due: holds, payments, releases, workflows that died',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(worker, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
    alarms.whenCleanUpStops(worker);
  }

  /** Rare and patient work: a seat of a dead driver is on sale again within minutes, and none is ever lost. */
  #freeOrphans(worker: ServiceFunction, alarms: OperatorAlarms): void {
    worker.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    new Rule(this, 'EveryFiveMinutes', {
      description: 'Goes on with the sweep of the day for seats that no order names, and counts views anew',
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new LambdaFunction(worker, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
    alarms.whenOrphansStay(worker);
  }

  #afterFailedPurchases(stateMachineArn: string, restarter: ServiceFunction, alarms: OperatorAlarms): void {
    new Rule(this, 'FailedPurchases', {
      description: 'Starts a workflow that died again, and tells a person',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'], stateMachineArn: [stateMachineArn] },
      },
      targets: [
        new LambdaFunction(restarter, { retryAttempts: 5, maxEventAge: Duration.hours(1) }),
        // By its address, since CDK would grant again what OperatorAlarms has granted with care.
        new SnsTopic(Topic.fromTopicArn(this, 'OperatorTopic', alarms.topic.topicArn), {
          message: RuleTargetInput.fromText(
            `The purchase ${EventField.fromPath('$.detail.name')} ended as ${EventField.fromPath('$.detail.status')}. ` +
              `It is started again. Execution: ${EventField.fromPath('$.detail.executionArn')}`,
          ),
        }),
      ],
    });
  }
}

import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  DefinitionBody,
  IntegrationPattern,
  JitterType,
  JsonPath,
  LogLevel,
  QueryLanguage,
  StateMachine,
  StateMachineType,
  Succeed,
  TaskInput,
  Timeout,
  type IChainable,
  type TaskStateBase,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { ServiceFunction } from './service-function.ts';

export type PurchaseWorkflowProps = {
  name: string;
  functions: Readonly<
    Record<
      `workflow/${'reserve' | 'await-payment' | 'issue' | 'refund' | 'close-payment' | 'release'}`,
      ServiceFunction
    >
  >;
};

/**
 * Errors that may pass on a retry: those of the platform, those that a function reports as transient, and those of a function
 * that ran out of time or died. It is safe to repeat every step.
 */
const transient = [
  'Lambda.ServiceException',
  'Lambda.TooManyRequestsException',
  'Lambda.SdkClientException',
  'Lambda.AWSLambdaException',
  'Sandbox.Timedout',
  'Lambda.Unknown',
  'TransientFailure',
];

const spread = {
  interval: Duration.seconds(1),
  backoffRate: 2,
  maxDelay: Duration.seconds(30),
  maxAttempts: 8,
  jitterStrategy: JitterType.FULL,
};

const xRay = [
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
];

const logDelivery = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];

/**
 * The workflow `purchase`: reserve → await payment → issue, with a way back from every step. State transitions cost more than
 * all writes of an order, so the workflow branches by named errors and not by more states: a sold order takes four. An error
 * that is neither transient nor named fails the execution, and events/restart-purchase starts the workflow again a few
 * times; an alarm counts them.
 */
export class PurchaseWorkflow extends Construct {
  readonly stateMachine: StateMachine;
  readonly #invoked: ServiceFunction[] = [];

  constructor(scope: Construct, id: string, props: PurchaseWorkflowProps) {
    super(scope, id);
    const definition = this.#definition(props.functions);
    this.stateMachine = new StateMachine(this, 'Purchase', {
      stateMachineName: props.name,
      stateMachineType: StateMachineType.STANDARD,
      // Longer than all its tasks with all their retries: an execution that runs longer has a fault and starts again.
      timeout: Duration.hours(3),
      queryLanguage: QueryLanguage.JSON_PATH,
      definitionBody: DefinitionBody.fromChainable(definition),
      // The grant that CDK adds by itself also covers every version of a function.
      role: this.#role().withoutPolicyUpdates(),
      tracingEnabled: true,
      logs: {
        level: LogLevel.ERROR,
        includeExecutionData: false,
        destination: new LogGroup(this, 'Log', {
          retention: RetentionDays.THREE_MONTHS,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      },
    });
    acknowledge(this.stateMachine, {
      'AwsSolutions-SF1': 'Errors are logged; the history of every execution can be read for 90 days anyway.',
    });
  }

  /** The states and their order. */
  #definition(functions: PurchaseWorkflowProps['functions']): IChainable {
    const ended = new Succeed(this, 'Ended', { comment: 'Nothing is left to do for this order' });
    const reserve = this.#task(
      'Reserve',
      functions['workflow/reserve'],
      'Checks the hold and returns the seconds it has left',
    );
    const awaitPayment = this.#awaitPayment(functions['workflow/await-payment']);
    const issue = this.#task(
      'Issue',
      functions['workflow/issue'],
      'Issues all tickets in one transaction',
      JsonPath.DISCARD,
    );
    const refund = this.#task(
      'Refund',
      functions['workflow/refund'],
      'Refunds a paid order that cannot get tickets',
      JsonPath.DISCARD,
    );
    const closePayment = this.#task(
      'ClosePayment',
      functions['workflow/close-payment'],
      'Closes every payment before the seats are released',
      JsonPath.DISCARD,
    );
    const release = this.#task(
      'Release',
      functions['workflow/release'],
      'Releases the seats',
      JsonPath.DISCARD,
    );

    // Asked again for 27 minutes, which is `closingAskedSeconds`: an order that was cancelled at once, its cashier never
    // entered, may be payable for fifteen, and a provider that stays silent keeps the seats five more.
    closePayment.addRetry({
      errors: ['PaymentsUnfinished'],
      interval: Duration.seconds(10),
      backoffRate: 1.5,
      maxDelay: Duration.seconds(60),
      maxAttempts: 30,
    });

    // The next step reads the order, so it does not need the error.
    const caught = (...errors: string[]) => ({ errors, resultPath: JsonPath.DISCARD });
    reserve
      .addCatch(ended, caught('OrderEnded'))
      .addCatch(issue, caught('AlreadyPaid'))
      .addCatch(closePayment, caught('OrderDue'))
      .next(awaitPayment);
    awaitPayment.addCatch(closePayment, caught('States.Timeout', 'OrderCancelled')).next(issue);
    issue.addCatch(refund, caught('CannotIssue'));
    closePayment.addCatch(issue, caught('AlreadyPaid')).addCatch(ended, caught('OrderEnded')).next(release);
    return reserve;
  }

  #role(): Role {
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: this.#invoked.map(({ called }) => called.functionArn),
      }),
    );
    role.addToPolicy(new PolicyStatement({ actions: [...xRay, ...logDelivery], resources: ['*'] }));
    acknowledge(role, {
      'AwsSolutions-IAM5[Resource::*]': 'X-Ray and log delivery have no permissions below the account.',
    });
    return role;
  }

  #task(id: string, lambdaFunction: ServiceFunction, comment: string, resultPath?: string): LambdaInvoke {
    this.#invoked.push(lambdaFunction);
    const task = new LambdaInvoke(this, id, {
      comment,
      lambdaFunction: lambdaFunction.called,
      // Only the function's result, without the HTTP answer around it.
      payloadResponseOnly: true,
      retryOnServiceExceptions: false,
      // Longer than the function's own time-out, so that the function's error appears.
      taskTimeout: Timeout.duration(Duration.seconds(lambdaFunction.seconds + 5)),
      ...(resultPath && { resultPath }),
    });
    task.addRetry({ errors: [...transient, 'States.Timeout'], ...spread });
    return task;
  }

  /** Waits for the answer to its token until the hold ends: this time-out is the deadline and not a failure. */
  #awaitPayment(lambdaFunction: ServiceFunction): TaskStateBase {
    this.#invoked.push(lambdaFunction);
    const task = new LambdaInvoke(this, 'AwaitPayment', {
      comment: 'Waits until the money arrives, the order is cancelled, or the hold ends',
      lambdaFunction: lambdaFunction.called,
      integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
      payload: TaskInput.fromObject({
        orderId: JsonPath.stringAt('$.orderId'),
        taskToken: JsonPath.taskToken,
      }),
      retryOnServiceExceptions: false,
      taskTimeout: Timeout.at('$.secondsLeft'),
      resultPath: JsonPath.DISCARD,
    });
    task.addRetry({ errors: transient, ...spread });
    return task;
  }
}

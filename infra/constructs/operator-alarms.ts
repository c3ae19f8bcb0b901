import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Metric,
  TreatMissingData,
  type AlarmProps,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Rule, RuleTargetInput, type EventPattern } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { ServiceFunction } from './service-function.ts';

const perFiveMinutes = { period: Duration.minutes(5), statistic: 'Sum' };
const perMinute = { period: Duration.minutes(1), statistic: 'Maximum' };

/** The topic that notifies people, and an alarm for each thing that needs a person, and for nothing else. */
export class OperatorAlarms extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: { key: IKey; email?: string | undefined }) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { masterKey: props.key, enforceSSL: true });
    // The topic has its own policy, so that policy must allow alarms and rules to publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsPublish',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    // EventBridge supports no condition on its source for an encrypted topic. We do not use `grantPublish`, which would also let
    // EventBridge use the key for any topic of any account.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'RulesPublish',
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
      }),
    );
    if (props.email) this.topic.addSubscription(new EmailSubscription(props.email));
  }

  /** Sends a text to the topic for every event of a kind. */
  tellOf(
    id: string,
    { text, ...props }: { description: string; eventPattern: EventPattern; text: string },
  ): void {
    // By its ARN, since CDK would otherwise add a broader grant than that of the topic's policy.
    const topic = Topic.fromTopicArn(this, `${id}Topic`, this.topic.topicArn);
    new Rule(this, id, {
      ...props,
      targets: [new SnsTopic(topic, { message: RuleTargetInput.fromText(text) })],
    });
  }

  whenNotEmpty(deadLetters: Queue, of: string): void {
    this.#when(`${of}DeadLetters`, {
      alarmDescription: `${of}: messages failed for good. Read them, fix the cause, then redrive the queue.`,
      metric: deadLetters.metricApproximateNumberOfMessagesVisible(perMinute),
    });
  }

  /**
   * A stream's dead letters have only positions in the stream, which deletes its records after a day: you cannot
   * redrive them.
   */
  whenRecordsAreGivenUp(deadLetters: Queue, of: string): void {
    this.#when(`${of}DeadLetters`, {
      alarmDescription:
        `${of}: Lambda gave up records of the stream. The dead letters hold positions, not records: you cannot ` +
        'redrive them. What to do: docs/how-to/lost-records.md.',
      metric: deadLetters.metricApproximateNumberOfMessagesVisible(perMinute),
    });
  }

  whenLate(worker: ServiceFunction, of: string): void {
    this.#when(`${of}Late`, {
      alarmDescription: `${of}: ${worker.entry} is minutes behind. One record that keeps failing may block the others.`,
      metric: worker.metric('IteratorAge', perMinute),
      threshold: Duration.minutes(5).toMilliseconds(),
      evaluationPeriods: 5,
    });
  }

  whenCleanUpStops(worker: ServiceFunction): void {
    this.#when('CleanUpFails', {
      alarmDescription:
        'The clean-up keeps failing: expired holds and unapplied payments may pile up. Read its log.',
      metric: worker.metricErrors(perFiveMinutes),
      threshold: 2,
      evaluationPeriods: 2,
    });
    this.#when('CleanUpStopped', {
      alarmDescription:
        'The clean-up has not run for ten minutes. Check the rule that starts it every minute.',
      metric: worker.metricInvocations(perFiveMinutes),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: 2,
      treatMissingData: TreatMissingData.BREACHING,
    });
  }

  /** `stage` is the dimension of the clean-up's metrics. */
  whenAPersonIsNeeded(stage: string): void {
    const metric = (metricName: string) =>
      new Metric({
        namespace: 'Keyun',
        metricName,
        dimensionsMap: { stage },
        period: Duration.minutes(5),
        statistic: 'Maximum',
      });
    this.#when('AttentionWaiting', {
      alarmDescription:
        'Something needs a person: run keyun attention list. What each kind means and what to do: docs/how-to/attention.md.',
      metric: metric('AttentionWaiting'),
      // The clean-up writes this metric every minute: without it nobody would learn about anything.
      treatMissingData: TreatMissingData.BREACHING,
      evaluationPeriods: 2,
    });
    this.#when('AttentionOld', {
      alarmDescription:
        'Something has needed a person for a day, and money may depend on it: run keyun attention list, first line.',
      metric: metric('AttentionOldest'),
      threshold: Duration.days(1).toSeconds(),
    });
  }

  /** Every function that asks a provider counts these: `shared/paying/ask-provider.ts`. */
  whenProvidersRefuse(stage: string): void {
    this.#when('ProvidersRefuse', {
      alarmDescription:
        'A payment provider refuses our requests: check keys, application and contract. Until then no payment closes ' +
        'and no refund goes out. The logs of the clean-up and of submit-refund name the error code.',
      metric: new Metric({
        namespace: 'Keyun',
        metricName: 'ProviderRefusals',
        dimensionsMap: { stage },
        ...perFiveMinutes,
      }),
    });
  }

  /** Every function that reads a secret counts these: `shared/platform/secrets.ts`. */
  whenSecretsAreUnusable(stage: string): void {
    this.#when('SecretsUnusable', {
      alarmDescription:
        'A secret is gone, is not JSON, or lacks keys. Functions that run keep the keys they had; new ones have no such provider. ' +
        'The log line “a secret cannot be used” names it: correct it in Secrets Manager (docs/how-to/change-keys.md).',
      metric: new Metric({
        namespace: 'Keyun',
        metricName: 'SecretsUnusable',
        dimensionsMap: { stage },
        ...perFiveMinutes,
      }),
    });
  }

  whenOrphansStay(worker: ServiceFunction): void {
    this.#when('OrphansStay', {
      alarmDescription:
        'Seats that belong to no order cannot be released, so nobody can buy them. Read the log of free-orphans.',
      metric: worker.metricErrors(perFiveMinutes),
      evaluationPeriods: 3,
    });
  }

  whenPurchasesFail(purchase: StateMachine): void {
    this.#when('PurchasesFail', {
      alarmDescription:
        'Executions of the workflow failed for an unexpected reason. A message names each of them.',
      metric: purchase.metricFailed(perFiveMinutes),
    });
    this.#when('PurchasesTimeOut', {
      alarmDescription:
        'Executions of the workflow timed out as a whole; the limits of its steps should prevent that.',
      metric: purchase.metricTimedOut(perFiveMinutes),
    });
  }

  whenAnswersFail(api: HttpApi): void {
    this.#when('AnswersFail', {
      alarmDescription: 'The API answers with server errors. Its access log names the routes.',
      metric: api.metricServerError(perFiveMinutes),
      threshold: 10,
      evaluationPeriods: 2,
    });
  }

  #when(id: string, props: Omit<AlarmProps, 'threshold' | 'evaluationPeriods'> & Partial<AlarmProps>): void {
    new Alarm(this, id, {
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: 0,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...props,
    }).addAlarmAction(new SnsAction(this.topic));
  }
}

import { Duration } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { SubscriptionFilter, type ITopic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { ServiceFunction } from './service-function.ts';

/** The dead-letter queue: failed messages wait there for a person, for as long as SQS allows. */
export const deadLetters = (scope: Construct, id: string): Queue => {
  const queue = new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  acknowledge(queue, { 'AwsSolutions-SQS3': 'This is the dead-letter queue of another.' });
  return queue;
};

export type EventQueueProps = {
  topic: ITopic;
  /** The names of the events that it receives. */
  events: readonly string[];
  worker: ServiceFunction;
  /** The number of workers at once, which limits the load on the services that they call. */
  maxConcurrency: number;
  /** The time that a batch collects messages before it calls a worker. */
  collectSeconds: number;
};

/** A queue of chosen events, its worker, and the dead-letter queue of both. */
export class EventQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: EventQueueProps) {
    super(scope, id);
    this.deadLetters = deadLetters(this, 'DeadLetters');
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // Six times the worker's time-out: the poller needs that room to retry when the worker is throttled.
      visibilityTimeout: Duration.seconds(6 * props.worker.seconds + props.collectSeconds),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 5 },
    });
    props.topic.addSubscription(
      new SqsSubscription(this.queue, {
        rawMessageDelivery: true,
        filterPolicy: { event: SubscriptionFilter.stringFilter({ allowlist: [...props.events] }) },
      }),
    );
    props.worker.called.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: 10,
        maxBatchingWindow: Duration.seconds(props.collectSeconds),
        reportBatchItemFailures: true,
        maxConcurrency: props.maxConcurrency,
      }),
    );
  }
}

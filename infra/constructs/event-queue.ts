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

type WorkQueueProps = {
  worker: ServiceFunction;
  /** The number of workers at once, which limits the load on the services that they call. */
  maxConcurrency: number;
  /** The time that a batch collects messages before it calls a worker. */
  collectSeconds: number;
};

/** A queue, its worker, and the dead-letter queue of both. */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    const { worker, maxConcurrency, collectSeconds } = props;
    this.deadLetters = deadLetters(this, 'DeadLetters');
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // Six times the worker's time-out: the poller needs that room to retry when the worker is throttled.
      visibilityTimeout: Duration.seconds(6 * worker.seconds + collectSeconds),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 5 },
    });
    worker.called.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: 10,
        maxBatchingWindow: Duration.seconds(collectSeconds),
        reportBatchItemFailures: true,
        maxConcurrency,
      }),
    );
  }
}

export type EventQueueProps = WorkQueueProps & {
  topic: ITopic;
  /** The names of the events that it receives. */
  events: readonly string[];
};

/** A queue of chosen events of the topic. */
export class EventQueue extends WorkQueue {
  constructor(scope: Construct, id: string, { topic, events, ...props }: EventQueueProps) {
    super(scope, id, props);
    topic.addSubscription(
      new SqsSubscription(this.queue, {
        rawMessageDelivery: true,
        filterPolicy: { event: SubscriptionFilter.stringFilter({ allowlist: [...events] }) },
      }),
    );
  }
}

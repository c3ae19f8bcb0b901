import type { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { deadLetters } from './event-queue.ts';
import type { ServiceFunction } from './service-function.ts';

export type TableStreamProps = {
  table: ITable;
  worker: ServiceFunction;
  /** The number of retries of a failing part of a batch before its position in the stream goes to the dead letters. */
  retryAttempts: number;
  /** The number of batches of one shard in parallel; the records of one item stay in order. */
  parallelizationFactor?: number;
  maxBatchingWindow?: Duration;
  batchSize?: number;
};

/** The stream of a table, its worker, and the queue for the positions of failed records. */
export class TableStream extends Construct {
  readonly table: ITable;
  readonly worker: ServiceFunction;
  readonly deadLetters: Queue;
  /** The longest time that a record waits for its batch to fill. */
  readonly batchingSeconds: number;

  constructor(scope: Construct, id: string, { table, worker, ...props }: TableStreamProps) {
    super(scope, id);
    this.table = table;
    this.worker = worker;
    this.batchingSeconds = props.maxBatchingWindow?.toSeconds() ?? 0;
    this.deadLetters = deadLetters(this, 'DeadLetters');
    worker.addEventSource(
      new DynamoEventSource(table, {
        // Records from before the mapping count too.
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 100,
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        onFailure: new SqsDlq(this.deadLetters),
        ...props,
      }),
    );
  }
}

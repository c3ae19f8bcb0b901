import type { Duration } from 'aws-cdk-lib';
import type { ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { deadLetters } from './event-queue.ts';
import type { OperatorAlarms } from './operator-alarms.ts';
import type { ServiceFunction } from './service-function.ts';

export type TableStreamProps = {
  table: Table;
  worker: ServiceFunction;
  alarms: OperatorAlarms;
  /** The number of retries of a failing part of a batch before its position in the stream goes to the dead letters. */
  retryAttempts: number;
  /** The number of batches of one shard in parallel; the records of one item stay in order. */
  parallelizationFactor?: number;
  maxBatchingWindow?: Duration;
  batchSize?: number;
};

/** The stream of a table, its worker, and the queue for the positions of failed records. */
export class TableStream extends Construct {
  readonly worker: ServiceFunction;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { table, worker, alarms, ...props }: TableStreamProps) {
    super(scope, id);
    this.worker = worker;
    this.deadLetters = deadLetters(this, 'DeadLetters');
    worker.addEventSource(
      // Only to the compiler is a Table no ITable: its optional properties may be `undefined` by name.
      new DynamoEventSource(table as ITable, {
        // Records from before the mapping count too.
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 100,
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        onFailure: new SqsDlq(this.deadLetters),
        ...props,
      }),
    );
    alarms.whenRecordsAreGivenUp(this.deadLetters, id);
    alarms.whenLate(worker, id);
  }
}

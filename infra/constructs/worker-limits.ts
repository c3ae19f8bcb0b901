import type { Subscriber } from '../../functions/subscriptions.ts';

/** How many workers of each kind may run at once, and how long a trigger collects before it calls one. */
export type WorkerLimits = {
  /** The workers of each queue. SQS accepts no less than 2. */
  queues: Readonly<Record<Subscriber, number>>;
  /** The batches of one shard in parallel that publish events. The two other streams have one each. */
  publishing: number;
  /** Collecting makes fewer, fuller calls of short workers. */
  collectSeconds: number;
};

/** A table with on-demand capacity begins with four partitions, and its stream has a shard for each. */
const shardsPerStream = 4;
/** The streams with one batch for each shard: the view of free seats, and the watch on holds. */
const singleStreams = 2;
/** The clean-up, the sweep for orphans and the reconciliation; none overlaps itself. */
const scheduled = 3;

/** Reports about mails are few, and nobody waits for them: as few workers as SQS accepts. */
export const mailReportWorkers = 2;

/** From the most to the least. The last one is what AWS allows at least. */
const choices: readonly WorkerLimits[] = [
  {
    // StartExecution refills at 150 to 300 a second; the hold waits meanwhile.
    queues: {
      'start-purchase': 5,
      'apply-payment': 20,
      'submit-refund': 5,
      'allocate-seats': 5,
      'send-email': 5,
    },
    publishing: 4,
    collectSeconds: 0,
  },
  {
    queues: {
      'start-purchase': 3,
      'apply-payment': 6,
      'submit-refund': 2,
      'allocate-seats': 2,
      'send-email': 3,
    },
    publishing: 2,
    collectSeconds: 0,
  },
  {
    queues: {
      'start-purchase': 2,
      'apply-payment': 2,
      'submit-refund': 2,
      'allocate-seats': 2,
      'send-email': 2,
    },
    publishing: 1,
    collectSeconds: 0,
  },
];

/** With less than this, even the least that AWS allows might take more than half. Then workers are called seldom instead. */
const least: WorkerLimits = {
  queues: {
    'start-purchase': 2,
    'apply-payment': 2,
    'submit-refund': 2,
    'allocate-seats': 2,
    'send-email': 2,
  },
  publishing: 1,
  collectSeconds: 1,
};

/** How many workers of all queues, streams and schedules together can run at once. */
export const workersAtMost = ({ queues, publishing }: WorkerLimits): number =>
  Object.values(queues).reduce((sum, workers) => sum + workers, 0) +
  shardsPerStream * (publishing + singleStreams) +
  mailReportWorkers +
  scheduled;

/**
 * The limits for an account with this quota of concurrent executions: all workers together take at most half of it, so that the
 * other half is there for whoever searches, buys or pays. AWS has no lower limit than 2 for a queue and 1 for a shard, so a new
 * account of ten cannot be divided in that way: its triggers collect for a second, and their short workers are seldom there.
 */
export const workerLimits = (concurrency: number): WorkerLimits =>
  choices.find((limits) => 2 * workersAtMost(limits) <= concurrency) ?? least;

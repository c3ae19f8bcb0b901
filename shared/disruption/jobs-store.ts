import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { dueOf, dueValues, removeDue, removePostponed, setDue } from '../bookings/due.ts';
import { removeAttention } from '../bookings/attention.ts';
import { jobKeptUntil } from '../bookings/kept-until.ts';
import { bookingKey } from '../bookings/keys.ts';
import { wayTo } from '../bookings/transitions.ts';
import { readAll } from '../platform/batch-read.ts';
import { clause, isAbsent, type Clause } from '../platform/clauses.ts';
import { putIf, updateIf } from '../platform/conditional-writes.ts';
import type { Item, Table } from '../platform/dynamo.ts';
import type { JobId, RunId } from '../platform/ids.ts';
import type { Instant } from '../platform/time.ts';
import { jobIdOf } from './rules.ts';
import { jobSchema, jobTransitions, type Job, type JobState } from './model.ts';

/** Table `Bookings`: `JOB#<jobId>` / `JOB`. */
const keyOf = (jobId: JobId) => bookingKey('job', jobId);

const jobFromItem = (item: Item): Job => jobSchema.parse(item);

export const readJob = async (bookings: Table, jobId: JobId): Promise<Job | undefined> => {
  const { Item } = await bookings.client.send(
    new GetCommand({ TableName: bookings.name, Key: keyOf(jobId), ConsistentRead: true }),
  );
  return Item && jobFromItem(Item);
};

/** The jobs of these runs that were cancelled. */
export const readCancellations = async (bookings: Table, runIds: readonly RunId[]): Promise<Job[]> => {
  const keys = [...new Set(runIds)].map((runId) => keyOf(jobIdOf(runId, { reason: 'run-cancelled' })));
  return (await readAll(bookings, keys)).map(jobFromItem);
};

/** Writes a new job, due at once. Returns the one that is stored: another call may have announced the same. */
export const putJob = async (bookings: Table, job: Job): Promise<{ job: Job; isNew: boolean }> => {
  const { outcome, item } = await putIf(
    bookings,
    {
      ...keyOf(job.jobId),
      ...jobSchema.parse(job),
      ...dueOf(job.mark, job.createdAt),
      ttl: jobKeptUntil(job),
    },
    { onlyIf: [isAbsent], returns: { refused: true } },
  );
  return outcome === 'written' || !item ? { job, isNew: true } : { job: jobFromItem(item), isNew: false };
};

const isDueBy = (now: Instant): Clause =>
  clause('attribute_exists(dueShard) AND dueAt <= :now', { ':now': now });

const isHeldBy = (holder: string): Clause =>
  clause('#holder = :holder', { ':holder': holder }, { '#holder': 'holder' });

/**
 * Takes a job that is due. Its due time is also the end of the lease: until then nobody else takes it, and if its worker
 * dies, the clean-up finds it due again. Undefined if it is not due, or another worker was quicker.
 */
export const takeJob = async (
  bookings: Table,
  { jobId, mark }: Pick<Job, 'jobId' | 'mark'>,
  { holder, now, until }: { holder: string; now: Instant; until: Instant },
): Promise<Job | undefined> => {
  const { outcome, item } = await updateIf(bookings, keyOf(jobId), {
    onlyIf: [isDueBy(now)],
    update: `SET #holder = :holder, ${setDue}`,
    values: { ...dueValues(mark, until), ':holder': holder },
    names: { '#holder': 'holder' },
    returns: { written: true },
  });
  return outcome === 'written' && item ? jobFromItem(item) : undefined;
};

/** What a worker stores of its job: how far it has come, and perhaps a new state. */
export type Step = Partial<
  Pick<Job, 'state' | 'look' | 'shardsDone' | 'shards' | 'unsettled' | 'progress' | 'doneAt'>
>;

const statesBefore = (state: JobState): Clause => {
  const { condition, values } = wayTo(jobTransitions, state, { orAlready: true });
  return clause(condition, values, { '#state': 'state' });
};

/**
 * Stores a step of the worker that holds the job, and when the job is due next; without that it is never due again.
 * Undefined if somebody else has taken it.
 */
export const saveStep = async (
  bookings: Table,
  job: Job,
  step: Step,
  { holder, dueAt }: { holder: string; dueAt: Instant | undefined },
): Promise<Job | undefined> => {
  const fields = Object.entries(step).filter(([, value]) => value !== undefined);
  const names = Object.fromEntries(fields.map(([name]) => [`#${name}`, name]));
  const sets = [
    ...fields.map(([name]) => `#${name} = :${name === 'state' ? step.state : name}`),
    ...(dueAt ? [setDue] : []),
  ];
  const values = Object.fromEntries(
    fields.filter(([name]) => name !== 'state').map(([name, value]) => [`:${name}`, value]),
  );
  const { outcome, item } = await updateIf(bookings, keyOf(job.jobId), {
    onlyIf: [isHeldBy(holder), ...(step.state ? [statesBefore(step.state)] : [])],
    update: `SET ${sets.join(', ')}${dueAt ? '' : ` REMOVE ${removeDue}, #holder, ${removePostponed}, ${removeAttention}`}`,
    names,
    values: { ...values, ...(dueAt && dueValues(job.mark, dueAt)) },
    returns: { written: true },
  });
  return outcome === 'written' && item ? jobFromItem(item) : undefined;
};

import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { announce } from '../shared/disruption/announce.ts';
import { readJob } from '../shared/disruption/jobs-store.ts';
import type { Disruption, Job } from '../shared/disruption/model.ts';
import type { AnnouncementRefusal } from '../shared/disruption/refusals.ts';
import { isEveryoneTold } from '../shared/disruption/rules.ts';
import { systemClock } from '../shared/platform/clock.ts';
import { jobIdSchema, type RunId } from '../shared/platform/ids.ts';
import { carrierOfRun } from './carrier-of-run.ts';
import { CommandFailure, type Tables } from './connect.ts';
import { print, printJson } from './run-command.ts';

const refusals: Readonly<Record<AnnouncementRefusal, string>> = {
  'not-found': 'no run has this id',
  'run-over': 'the run has arrived already',
  'run-not-running': 'the run is closed: it neither stops anywhere nor is late',
  'stop-not-served': 'the run does not call at this stop: give the id of one of its stops',
  'no-disruption-rules': "after-sale.json of the carrier has no part 'disruption' for today: add it",
  'delay-below-limit':
    'with a delay as short as this, tickets stay as they are (delayAtLeast in after-sale.json)',
  'delay-past': 'even with this delay, the run has left every stop',
};

/** A job changes with each of its steps, several times a second. */
const lookEveryMilliseconds = 500;

const what: Readonly<Record<Job['state'], string>> = {
  begun: 'waits for its turn, which comes within a minute',
  waiving: 'tells the passengers',
  waiting: 'passengers choose',
  refunding: 'pays back whoever has not chosen',
  done: 'done',
};

const lineOf = ({ state, shards, shardsDone, progress, unsettled }: Job): string => {
  const part = state === 'waiving' || state === 'refunding' ? `, ${shardsDone} of ${shards} parts` : '';
  const { waived, refunded, ended } = progress;
  const counts = `${waived} tickets waived, ${ended} seats of orders without tickets ended, ${refunded} tickets paid back`;
  return `${what[state]}${part}: ${counts}${unsettled > 0 ? `; ${unsettled} need another look` : ''}`;
};

const summaryOf = (job: Job): string => {
  const { jobId, disruption, state, until, doneAt } = job;
  const after =
    disruption.reason === 'delayed'
      ? `free of charge until ${until} at the latest`
      : `they choose until ${until}`;
  const end = state === 'done' ? `done at ${doneAt ?? until}` : after;
  return `${jobId}: ${lineOf(job)}; ${end}`;
};

/** Shows each change of a job until every passenger is told. */
const follow = async ({ bookings }: Tables, begun: Job): Promise<Job> => {
  let job = begun;
  let shown = '';
  while (!isEveryoneTold(job)) {
    const line = lineOf(job);
    if (line !== shown) process.stderr.write(`${line}\n`);
    shown = line;
    await sleep(lookEveryMilliseconds);
    job = (await readJob(bookings, job.jobId)) ?? job;
  }
  return job;
};

/** Announces a disruption, and shows how its job goes on. The job goes on also without this command. */
export const announceDisruption = async (
  tables: Tables,
  runId: RunId,
  disruption: Disruption,
  { wait, json }: { wait: boolean; json?: boolean },
): Promise<void> => {
  const announced = await announce({ ...tables, clock: systemClock(), carrier: carrierOfRun() })({
    runId,
    disruption,
    by: userInfo().username,
  });
  if (announced.outcome === 'rejected') throw new CommandFailure(refusals[announced.reason]);
  const job = wait ? await follow(tables, announced.job) : announced.job;
  if (json) printJson(shown(job));
  else print(summaryOf(job));
};

/** What staff needs to know. */
const shown = ({ mark: _mark, holder: _holder, ...job }: Job) => job;

export const showJob = async ({ bookings }: Tables, text: string, json: boolean): Promise<void> => {
  const jobId = jobIdSchema.safeParse(text).data;
  const job = jobId && (await readJob(bookings, jobId));
  if (!job) throw new CommandFailure(`no job has the id ${text}`);
  if (json) printJson(shown(job));
  else print(summaryOf(job));
};

import { orderOfOwner } from '../inventory/owner.ts';
import { shardsOfRun } from '../inventory/shards.ts';
import { readShards } from '../inventory/store.ts';
import { readOrders } from '../orders/many-orders-store.ts';
import { inLanes } from '../platform/in-lanes.ts';
import type { JobId, OrderId } from '../platform/ids.ts';
import { loggable, logger } from '../platform/log.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { plusSeconds, type Instant } from '../platform/time.ts';
import { closeRun } from '../runs/close-run.ts';
import { cancelStop } from '../runs/cancel-stop.ts';
import { wakeWaitlist } from '../runs/release-seats.ts';
import { readFrozenRun } from '../timetable/store.ts';
import { readJob, saveStep, takeJob, type Step } from './jobs-store.ts';
import type { Job } from './model.ts';
import type { WorkRefusal } from './refusals.ts';
import { refundOrder } from './refund-order.ts';
import { afterLook } from './rules.ts';
import { settleOrder, type SettleDependencies, type Settled } from './settle-order.ts';

/** A worker that has died is replaced after this. A step takes seconds. */
const leaseSeconds = 60;

/** A step: about half a coach for each. */
const shardsPerStep = 4;

const ordersAtOnce = 8;

type Worker = { holder: string; hasTime: () => boolean };

/**
 * Works on a job that is due, step by step, while there is time. Each step takes some shards of the run: their owned pieces
 * are the living items of its orders, so no index of tickets is needed, and closed shards make the list final. Everything
 * that a step does is conditional and may be repeated, so a worker that dies costs at most its last step.
 */
export const workJob =
  (dependencies: SettleDependencies) =>
  async (jobId: JobId, { holder, hasTime }: Worker): Promise<Outcome<{ job: Job }, WorkRefusal>> => {
    const { bookings, clock } = dependencies;
    const found = await readJob(bookings, jobId);
    const now = clock();
    if (!found?.dueAt || found.dueAt > now) return rejected('not-due');
    const taken = await takeJob(bookings, found, { holder, now, until: plusSeconds(now, leaseSeconds) });
    if (!taken) return rejected('not-due');
    const worker = { holder, hasTime };
    let job: Job | undefined = await beginLook(dependencies, taken, worker);
    const run = job && (await readFrozenRun(dependencies.timetable, job.runId, { consistent: true }));
    // A run that no order has touched has no tickets.
    const shards = run ? shardsOfRun(run) : [];
    while (job && job.shardsDone < shards.length && hasTime())
      job = await takeStep(dependencies, job, shards, worker);
    if (!job) return rejected('not-due');
    const last = job.shardsDone < shards.length ? job : await endLook(dependencies, job, worker);
    return last ? accepted({ job: last }) : rejected('not-due');
  };

/** What a job does before it looks at the first shard. */
const beginLook = async (
  dependencies: SettleDependencies,
  job: Job,
  worker: Worker,
): Promise<Job | undefined> => {
  if (job.state === 'begun') {
    await endSale(dependencies, job);
    return save(dependencies, job, { state: 'waiving' }, worker);
  }
  return job.state === 'waiting' ? save(dependencies, job, { state: 'refunding' }, worker) : job;
};

/** Ends the sale of what is lost, so that the list of tickets becomes final. A repetition finishes what an earlier call began. */
const endSale = async (dependencies: SettleDependencies, { runId, disruption }: Job): Promise<void> => {
  if (disruption.reason === 'delayed') return;
  const ended =
    disruption.reason === 'run-cancelled'
      ? await closeRun(dependencies, runId)
      : await cancelStop(dependencies, runId, disruption.stopId);
  if (ended.outcome === 'rejected') throw new Error(`the run ${runId} of a job does not exist`);
  // Nobody waits for a run that does not run: the allocator pays the entries back.
  if (disruption.reason === 'run-cancelled') await wakeWaitlist(dependencies)(runId);
};

const save = (
  { bookings, clock }: Pick<SettleDependencies, 'bookings' | 'clock'>,
  job: Job,
  step: Step,
  { holder }: Worker,
  dueAt: Instant | 'never' = plusSeconds(clock(), leaseSeconds),
): Promise<Job | undefined> =>
  saveStep(bookings, job, step, { holder, dueAt: dueAt === 'never' ? undefined : dueAt });

/** Settles the orders that own pieces of the next shards, and stores how far the job has come. */
const takeStep = async (
  dependencies: SettleDependencies,
  job: Job,
  shards: ReturnType<typeof shardsOfRun>,
  worker: Worker,
): Promise<Job | undefined> => {
  const { bookings, inventory } = dependencies;
  const keys = shards.slice(job.shardsDone, job.shardsDone + shardsPerStep);
  const states = await readShards(
    inventory,
    keys.map(({ key }) => key),
  );
  const pieces = new Map<OrderId, number>();
  for (const { owner } of states.flatMap((state) => [...(state?.pieces.values() ?? [])])) {
    if (owner === 'free') continue;
    const orderId = orderOfOwner(owner);
    pieces.set(orderId, (pieces.get(orderId) ?? 0) + 1);
  }
  const orders = await readOrders(bookings, pieces.keys());
  const settle = job.state === 'refunding' ? refundOrder(dependencies) : settleOrder(dependencies);
  const tally = { ...job.progress };
  let unsettled = job.shardsDone === 0 ? 0 : job.unsettled;
  await inLanes(pieces, { lanes: ordersAtOnce }, async ([orderId, count]) => {
    const settled = await settleSafely(job, orderId, () => settle(job, orders.get(orderId)));
    if (settled.outcome === 'rejected') unsettled += count;
    else if (settled.did !== 'nothing' && isCounted(job, settled)) tally[settled.did] += count;
  });
  const shardsDone = job.shardsDone + keys.length;
  return save(dependencies, job, { shardsDone, unsettled, progress: tally }, worker);
};

/** The first look also counts what it did before its worker died; later ones count only what they add. */
const isCounted = ({ look }: Job, { isEarlier }: Extract<Settled, { outcome: 'accepted' }>): boolean =>
  !isEarlier || look === 1;

/** One order that fails never keeps the others from their turn: the next look comes back to it. */
const settleSafely = async (
  { jobId }: Job,
  orderId: OrderId,
  settle: () => Promise<Settled>,
): Promise<Settled> => {
  try {
    const settled = await settle();
    if (settled.outcome === 'rejected' && settled.reason === 'money-gone-back')
      logger.error('less money is left than a job pays back', { jobId, orderId });
    return settled;
  } catch (thrown) {
    logger.error('a job failed for an order', { jobId, orderId, thrown: loggable(thrown) });
    return rejected('under-way');
  }
};

/** Decides what comes after a look at all shards, and lets the job go. */
const endLook = (dependencies: SettleDependencies, job: Job, worker: Worker): Promise<Job | undefined> => {
  const now = dependencies.clock();
  const { state, look, dueAt } = afterLook(job, now);
  const step = { state, look, shardsDone: 0, ...(state === 'done' && { doneAt: now }) };
  return save(dependencies, job, step, worker, dueAt ?? 'never');
};

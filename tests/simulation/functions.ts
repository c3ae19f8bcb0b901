import { subscribersOf, type Subscriber } from '../../functions/subscriptions.ts';
import { streamLimits } from '../../shared/platform/limits.ts';
import { changedRuns } from '../../shared/inventory/changed-shards.ts';
import type { OrderId } from '../../shared/platform/ids.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { eventsOf } from '../../shared/selling/events-of.ts';
import { freeOrphans } from '../../shared/upkeep/free-orphans.ts';
import { countRun } from '../../shared/selling/count-run.ts';
import { eventTasks } from '../../shared/selling/event-tasks.ts';
import { allocateSeatsTask } from '../../shared/waitlist/allocate-seats-task.ts';
import { restartPurchase } from '../../shared/upkeep/restart-purchase.ts';
import { closeRun } from '../../shared/runs/close-run.ts';
import { sweepRuns } from '../../shared/runs/sweep-runs.ts';
import { putInForce } from '../../shared/feeds/put-in-force.ts';
import { watchHolds } from '../../shared/upkeep/watch-holds.ts';
import type { Run, Version } from '../../shared/timetable/model.ts';
import type { Dependencies } from './dependencies.ts';
import type { FaultProfile } from './faults.ts';
import type { Gate } from './gate.ts';
import { makeQueue } from './queues.ts';
import type { Actor, Scheduler } from './scheduler.ts';
import { makeStreamWorker } from './streams.ts';
import { simulatedDate } from './timetable.ts';

const snsBatchMax = 10;

type Options = {
  scheduler: Scheduler;
  gate: Gate;
  profile: () => FaultProfile | undefined;
  dependenciesOf: (actor: Actor) => Dependencies;
  failed: (name: string, error: unknown) => void;
  /** Whether the next clean-up would find anything: one that would not is left out, since each costs 16 queries. */
  isDue: () => boolean;
  /** Whether nothing can happen for long, since the provider is silent and all else is quiet. */
  isWaiting: () => boolean;
};

/** So much more rarely everything is swept in a silence of hours, where only sweeps would happen. */
const rarer = 10;

/** The functions behind queues, by the product's own table; a mail changes nothing that the simulation looks at. */
const makeQueues = (options: Options) => {
  const queue = (name: keyof typeof eventTasks) =>
    makeQueue(options, name, (actor, event) => eventTasks[name](options.dependenciesOf(actor))(event));
  const queues: Record<Exclude<Subscriber, 'send-email'>, ReturnType<typeof makeQueue>> = {
    'start-purchase': queue('start-purchase'),
    'apply-payment': queue('apply-payment'),
    'submit-refund': queue('submit-refund'),
    'allocate-seats': makeQueue(options, 'allocate-seats', (actor, event) =>
      allocateSeatsTask(options.dependenciesOf(actor))(event),
    ),
  };
  return queues;
};
type Queues = ReturnType<typeof makeQueues>;

const makePublishEvents = (options: Options, queues: Queues) => {
  const publish = (actor: Actor, events: ReturnType<typeof eventsOf>): Promise<void> =>
    options.gate.call(actor, {
      what: `publish ${events.map(({ event }) => event).join(', ')}`,
      target: { service: 'sns', writes: true, transactItems: 0 },
      effect: () => {
        for (const event of events) {
          for (const name of subscribersOf(event.event)) if (name !== 'send-email') queues[name].send(event);
        }
      },
    });
  return makeStreamWorker(
    options,
    { name: 'publish-events', windowMilliseconds: 200 },
    async (actor, records) => {
      const events = records.flatMap(eventsOf).filter(({ event }) => subscribersOf(event).length > 0);
      for (let from = 0; from < events.length; from += snsBatchMax)
        await publish(actor, events.slice(from, from + snsBatchMax));
    },
  );
};

const makeUpdateAvailability = (options: Options) =>
  makeStreamWorker(
    options,
    { name: 'update-availability', windowMilliseconds: 1500, mayLose: true },
    async (actor, records) => {
      const dependencies = options.dependenciesOf(actor);
      await Promise.all(changedRuns(records).map(countRun(dependencies)));
    },
  );

const streamTime = { itemMilliseconds: streamLimits.item, timeLeft: () => 28_000 };

const makeWatchHolds = (options: Options) =>
  makeStreamWorker(
    options,
    { name: 'watch-holds', windowMilliseconds: 30_000, mayLose: true },
    async (actor, records) => {
      const { failed } = await watchHolds(options.dependenciesOf(actor))(records, streamTime);
      if (failed[0]) throw failed[0].why;
    },
  );

/** Where streams lose nothing, what they tell must be enough; else the slow way is made quicker than the day's. */
const sweepSeconds = ({ profile }: Options): number => (profile()?.lostBatches === 0 ? 30 * 86_400 : 3600);

type Sweep = (
  dependencies: Dependencies,
) => (options: {
  hasTime: () => boolean;
  itemMilliseconds: number;
}) => Promise<{ failed: { why: string }[] }>;

/** Runs a sweep again and again; what could not be dealt with counts as an error of its own name. */
const repeat = (
  { scheduler, dependenciesOf, failed, profile, isWaiting }: Options,
  { name, seconds, isNeeded }: { name: string; seconds: number; isNeeded: () => boolean },
  sweep: Sweep,
): void => {
  const { after, seed, invoke, now } = scheduler;
  const run = async (): Promise<void> => {
    const until = now() + 40_000;
    const result = await invoke(name, seconds, (actor) =>
      sweep(dependenciesOf(actor))({
        hasTime: () => now() < until,
        // Some forty calls, as fast as they are in this world: a few items are given up on their way.
        itemMilliseconds: 40 * (profile()?.latencyMilliseconds ?? 500),
      }),
    );
    if (result === 'gone') return;
    if ('error' in result) return failed(name, result.error);
    for (const { why } of result.answer.failed) failed(name, Object.assign(new Error(why), { name: why }));
  };
  const again = (): void => {
    if (isNeeded()) void run();
    after(seconds * 1000 * (isWaiting() ? rarer : 1), again);
  };
  after(seed.spread(1000, seconds * 1000), again);
};

/** Everything that runs because something happened, or because a minute is over; wired as the template wires it. */
export const makeFunctions = (options: Options) => {
  const { scheduler, dependenciesOf, failed, isDue } = options;
  const { after, seed, invoke } = scheduler;
  const queues = makeQueues(options);
  const publishEvents = makePublishEvents(options, queues);
  const updateAvailability = makeUpdateAvailability(options);
  repeat(options, { name: 'clean-up', seconds: 60, isNeeded: isDue }, cleanUp);
  const watchHoldsWorker = makeWatchHolds(options);
  const sweepEverySeconds = sweepSeconds(options);
  repeat(
    options,
    { name: 'free-orphans', seconds: 300, isNeeded: () => true },
    (dependencies) =>
      ({ hasTime }) =>
        freeOrphans(dependencies)({ hasTime, sweepEverySeconds }),
  );
  // Once a day for each date in the product; whatever it finds in a day it must find in a simulated quarter of an hour.
  repeat(
    options,
    { name: 'sweep-runs', seconds: 900, isNeeded: () => true },
    (dependencies) =>
      ({ itemMilliseconds }) =>
        sweepRuns(dependencies)(simulatedDate, { itemMilliseconds, timeLeft: () => 60_000 }),
  );

  const restart = async (orderId: OrderId, execution: number): Promise<void> => {
    const result = await invoke('restart-purchase', 30, (actor) =>
      restartPurchase(dependenciesOf(actor))(orderId, execution),
    );
    if (result !== 'gone' && 'error' in result) failed('restart-purchase', result.error);
  };

  return {
    publishEvents,
    updateAvailability,
    watchHolds: watchHoldsWorker,
    /** What EventBridge does with an execution that failed, if it hears of it. */
    executionDied: (orderId: OrderId, execution: number): void =>
      after(seed.spread(500, 60_000), () => void restart(orderId, execution)),
    /** The operator's work until all of it is done, dying and beginning again included. */
    closeRun: async (run: Run): Promise<void> => {
      for (;;) {
        const result = await invoke('close-run', 60, (actor) => closeRun(dependenciesOf(actor), run.runId));
        if (result !== 'gone' && 'answer' in result) return;
      }
    },
    /** The last part of an import, which nobody begins again when it dies. */
    importVersion: async (version: Version): Promise<void> => {
      const result = await invoke('import', 900, (actor) =>
        putInForce(dependenciesOf(actor), version, simulatedDate),
      );
      if (result !== 'gone' && 'error' in result) failed('import', result.error);
    },
    pending: (): number =>
      publishEvents.pending() +
      updateAvailability.pending() +
      watchHoldsWorker.pending() +
      Object.values(queues).reduce((sum, queue) => sum + queue.inFlight(), 0),
  };
};

import type { Table } from '../platform/dynamo.ts';
import type { Class, OrderId } from '../platform/ids.ts';
import { pause } from '../platform/random.ts';
import { later as laterOf, type Clock, type Instant } from '../platform/time.ts';

import type { Run } from '../timetable/model.ts';
import { readLastCount, writeAvailability } from './availability-store.ts';
import type { Availability } from './model.ts';
import { orderOfOwner } from './owner.ts';
import { keptUntil, untouchedShard, type ShardState } from './pieces.ts';
import { countFree, pairCount } from './rules.ts';
import { shardsOfRun } from './shards.ts';
import { readShards } from './store.ts';
import { without, youngOwners, youngUntil } from './young-pieces.ts';

const attemptsMax = 8;

export type CountDependencies = {
  inventory: Table;
  availability: Table;
  clock: Clock;
  /** The orders among these that do not live: they may still be committed, or release their seats. */
  mayEnd: (orderIds: readonly OrderId[]) => Promise<ReadonlySet<OrderId>>;
};

/**
 * Counts the free seats of a run anew from all its shards and stores the view. It reads the view's version *before* the
 * shards, so that of two counts at once the one with older shards can never overwrite the newer. It counts nothing if
 * the view is of a later generation of the run. A run that nobody has frozen has no view: all its seats are free.
 */
export const countAvailability =
  (dependencies: CountDependencies) =>
  async (run: Run): Promise<Availability | undefined> => {
    const { availability, clock } = dependencies;
    for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
      const last = await readLastCount(availability, run.runId);
      // The run has changed since this read it, and the code that changed it counts its seats.
      if (last.generation > run.generation) return undefined;
      const asOf = clock();
      const view: Availability = {
        runId: run.runId,
        asOf,
        generation: run.generation,
        version: last.generation === run.generation ? last.version + 1 : 1,
        feedVersion: run.version,
        stopCount: run.stops.length,
        ...(await countRun(dependencies, run, asOf)),
      };
      if ((await writeAvailability(availability, view)).outcome === 'accepted') return view;
      await pause(attempt);
    }
    throw new Error(`the availability of ${run.runId} was counted ${attemptsMax} times and never stored`);
  };

type Counts = Pick<Availability, 'free' | 'perhaps' | 'later'>;

const countRun = async (
  { inventory, mayEnd }: CountDependencies,
  run: Run,
  now: Instant,
): Promise<Counts> => {
  const stopCount = run.stops.length;
  const wanted = shardsOfRun(run);
  const states = await readShards(
    inventory,
    wanted.map(({ key }) => key),
  );
  const shards = wanted.map(({ key, seatCount }, index) => ({
    class: key.class,
    state: states[index] ?? untouchedShard(seatCount, stopCount),
  }));
  const free = countShards(shards, stopCount, now);
  const later = countLater(shards, stopCount, now);
  const young = youngOwners(
    shards.map(({ state }) => state),
    now,
  );
  const ending = young.length === 0 ? new Set() : await mayEnd([...new Set(young.map(orderOfOwner))]);
  const unsure = young.filter((owner) => ending.has(orderOfOwner(owner)));
  if (unsure.length === 0) return { free, ...later };
  const leftOut = new Set(unsure);
  const freed = shards.map(({ state, ...rest }) => ({
    ...rest,
    state: without(state, (owner) => leftOut.has(owner)),
  }));
  const until = unsure.map(youngUntil).reduce(laterOf);
  return { free, ...later, perhaps: { until, free: countShards(freed, stopCount, now) } };
};

type CountedShards = readonly { class: Class; state: ShardState }[];

/** The count for the time after the last young kept piece: nothing changes then that would cause a count. */
const countLater = (shards: CountedShards, stopCount: number, now: Instant): Pick<Counts, 'later'> => {
  const ends = shards.flatMap(({ state }) =>
    [...state.pieces.values()].flatMap(({ kept }) =>
      kept && keptUntil(kept) > now ? [keptUntil(kept)] : [],
    ),
  );
  if (ends.length === 0) return {};
  const from = ends.reduce(laterOf);
  return { later: { from, free: countShards(shards, stopCount, from) } };
};

const countShards = (shards: CountedShards, stopCount: number, now: Instant): Availability['free'] => {
  const free: Availability['free'] = {};
  for (const { class: cls, state } of shards) {
    const counts = (free[cls] ??= new Uint16Array(pairCount(stopCount)));
    countFree(counts, stopCount, state, { now, isWaitlist: false });
  }
  return free;
};

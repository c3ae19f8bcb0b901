import type { Table } from '../platform/dynamo.ts';
import { pause } from '../platform/random.ts';
import type { Clock } from '../platform/time.ts';
import type { Run } from '../timetable/model.ts';
import { readLastCount, writeAvailability } from './availability-store.ts';
import type { Availability } from './model.ts';
import { untouchedShard } from './pieces.ts';
import { countFree, pairCount } from './rules.ts';
import { shardsOfRun } from './shards.ts';
import { readShards } from './store.ts';

const attemptsMax = 8;

/**
 * Counts the free seats of a run anew from all its shards and stores the view. The view's version is read *before*
 * the shards, so that of two counts at once the one with older shards can never overwrite the newer. Nothing is counted
 * where a later generation of the run was.
 */
export const countAvailability =
  ({ inventory, availability, clock }: { inventory: Table; availability: Table; clock: Clock }) =>
  async (run: Run): Promise<Availability | undefined> => {
    for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
      const last = await readLastCount(availability, run.runId);
      // The run has moved on since it was read, and its seats are counted by whoever saw that.
      if (last.generation > run.generation) return undefined;
      const view: Availability = {
        runId: run.runId,
        asOf: clock(),
        generation: run.generation,
        version: last.generation === run.generation ? last.version + 1 : 1,
        feedVersion: run.version,
        stopCount: run.stops.length,
        free: await countRun(inventory, run),
      };
      if (await writeAvailability(availability, view)) return view;
      await pause(attempt);
    }
    throw new Error(`the availability of ${run.runId} was counted ${attemptsMax} times and never stored`);
  };

const countRun = async (inventory: Table, run: Run): Promise<Availability['free']> => {
  const stopCount = run.stops.length;
  const wanted = shardsOfRun(run);
  const states = await readShards(
    inventory,
    wanted.map(({ key }) => key),
  );
  const free: Availability['free'] = {};
  wanted.forEach(({ key, seatCount }, index) => {
    const counts = (free[key.class] ??= new Uint16Array(pairCount(stopCount)));
    countFree(counts, stopCount, states[index] ?? untouchedShard(seatCount, stopCount));
  });
  return free;
};

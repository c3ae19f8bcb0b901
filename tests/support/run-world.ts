import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { shardsOfRun } from '../../shared/inventory/shards.ts';
import { readShards } from '../../shared/inventory/store.ts';
import { serviceDateSchema, tripIdSchema } from '../../shared/platform/ids.ts';
import { followNewest } from '../../shared/runs/follow-newest.ts';
import type { Run, Version } from '../../shared/timetable/model.ts';
import { runIdOf } from '../../shared/timetable/run-id.ts';
import {
  freezeRun,
  putSales,
  putVersion,
  readFrozenRun,
  readRunOfVersion,
} from '../../shared/timetable/store.ts';
import { purchaseWorld } from './purchase-world.ts';
import { trainDay, writeVersion, type TrainWish } from './train-version.ts';

/** A purchase world whose trains come out of versions of a timetable, the newest of which they follow. */
export const runWorld = async () => {
  const world = await purchaseWorld();
  const { timetable, inventory } = world;
  const day = trainDay;
  await putSales(timetable, { from: serviceDateSchema.parse('2026-12-01'), until: day });

  const write = (name: string, wish: TrainWish = {}): Promise<Version> =>
    writeVersion(timetable, name, wish, world.time.now);
  const inForce = async (name: string, wish: TrainWish = {}): Promise<Version> => {
    const version = await write(name, wish);
    await putVersion(timetable, version);
    return version;
  };
  const runIdOfTrain = (name: string) => runIdOf(tripIdSchema.parse(name), day);
  const runOf = async (name: string, version: Version): Promise<Run> => {
    const run = await readRunOfVersion(timetable, version, runIdOfTrain(name));
    if (!run) throw new Error(`${version.version} has no ${name}`);
    return run;
  };

  return {
    ...world,
    runIdOfTrain,
    inForce,
    /** The rows of a version that is not in force. */
    written: write,
    runOf,
    /** A train that is frozen as the version in force has it, and the version after it, which has it otherwise. */
    behind: async (name: string, wish: TrainWish = { leaves: 10, coaches: [2] }, before: TrainWish = {}) => {
      const old = await inForce(name, before);
      const run = await freezeRun(timetable, await runOf(name, old));
      const newest = await inForce(name, wish);
      return { run, old, newest, fresh: wish.isGone ? undefined : await runOf(name, newest) };
    },
    frozen: async (name: string): Promise<Run> => {
      const run = await readFrozenRun(timetable, runIdOfTrain(name), { consistent: true });
      if (!run) throw new Error(`${name} is not frozen`);
      return run;
    },
    forgetView: (run: Run) =>
      world.availability.client.send(
        new DeleteCommand({ TableName: world.availability.name, Key: { pk: run.runId } }),
      ),
    /** What `closed` says in each shard of a run, `absent` where nobody has touched it. */
    closedIn: async (run: Run) =>
      (
        await readShards(
          inventory,
          shardsOfRun(run).map(({ key }) => key),
        )
      ).map((shard) => (shard ? shard.closed : 'absent')),
    follow: async (name: string) => (await followNewest(world.dependencies)(runIdOfTrain(name))).followed,
  };
};

export type RunWorld = Awaited<ReturnType<typeof runWorld>>;

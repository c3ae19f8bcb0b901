import { closeShard, reopenShard } from '../inventory/close-store.ts';
import type { ShardKey } from '../inventory/model.ts';
import type { ShardState } from '../inventory/pieces.ts';
import { shardsOfRun } from '../inventory/shards.ts';
import { readShards } from '../inventory/store.ts';
import type { Table } from '../platform/dynamo.ts';
import { beginChange, flipRun, abandonChange } from '../timetable/change-store.ts';
import type { Run } from '../timetable/model.ts';
import { readFrozenRun } from '../timetable/store.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { closedByChange, isLeftClosed, isOwned, type ChangeRefusal } from './rules.ts';

export type RunTables = { timetable: Table; inventory: Table };

const shardsAtOnce = 8;

const inTurn = async <Each, Result>(
  list: readonly Each[],
  work: (each: Each) => Promise<Result>,
): Promise<Result[]> => {
  const results: Result[] = [];
  for (let start = 0; start < list.length; start += shardsAtOnce) {
    results.push(...(await Promise.all(list.slice(start, start + shardsAtOnce).map(work))));
  }
  return results;
};

/** Closes every shard of a run, including absent ones, and returns each in its new state. */
export const closeShards = (inventory: Table, run: Run, closed: number): Promise<ShardState[]> =>
  inTurn(shardsOfRun(run), (shard) => closeShard(inventory, shard, run.stops.length, closed));

/**
 * Moves a frozen run to a newer version, if nobody owns a piece of its seats: T24, T25 for each shard, T26. A shard
 * that this change has closed takes no hold, so the result of its T25 is final proof of whether anybody sits there. If
 * somebody does, this abandons the change and reopens the shards (T27, T28). If a worker dies on the way, the next one
 * finishes the work with a change of its own.
 */
export const changeRun = async (
  { timetable, inventory }: RunTables,
  run: Run,
  fresh: Run,
): Promise<Outcome<object, ChangeRefusal>> => {
  const started = await beginChange(timetable, run, fresh.version);
  if (started.outcome === 'rejected') return started;
  const { changing } = started;
  const shards = await closeShards(inventory, run, changing);
  if (!shards.some(isOwned)) {
    const flipped = await flipRun(timetable, run, changing, fresh);
    return flipped.outcome === 'accepted' ? accepted({}) : flipped;
  }
  // Only a change that is certainly abandoned may reopen the shards that it closed: another change may rely on them.
  const abandoned = await abandonChange(timetable, run, changing);
  if (abandoned.outcome === 'rejected') return abandoned;
  await inTurn(shardsOfRun(run), ({ key }) => reopenShard(inventory, key, changing));
  return rejected('owned');
};

type LeftClosed = { key: ShardKey; closed: number };

/**
 * T28 for shards that earlier changes left closed: a worker died after T27, or a request of an abandoned change arrived
 * late. It reads the shards first and then the run: the other way round, a change that begins in between would lose the
 * shards on which it relies. It first abandons a change that nobody continues.
 */
export const reopenLeftShards = async ({ timetable, inventory }: RunTables, seen: Run): Promise<void> => {
  if (seen.changes === 0) return;
  if (seen.changing !== undefined) await abandonChange(timetable, seen, seen.changing);
  const keys = shardsOfRun(seen).map(({ key }) => key);
  const states = await readShards(inventory, keys);
  const closed = keys.flatMap((key, index): LeftClosed[] => {
    const state = states[index];
    const by = state && closedByChange(state);
    return by === undefined ? [] : [{ key, closed: by }];
  });
  if (closed.length === 0) return;
  const run = await readFrozenRun(timetable, seen.runId, { consistent: true });
  const left = closed.filter((each) => isLeftClosed({ ...each, generation: each.key.generation }, run));
  await inTurn(left, (each) => reopenShard(inventory, each.key, each.closed));
};

import { orderOfOwner } from '../inventory/owner.ts';
import type { ShardState } from '../inventory/pieces.ts';
import { shardsOfRun } from '../inventory/shards.ts';
import { readShards } from '../inventory/store.ts';
import { readOrders } from '../orders/many-orders-store.ts';
import type { Order } from '../orders/model.ts';
import type { Table } from '../platform/dynamo.ts';
import type { OrderId, RunId } from '../platform/ids.ts';
import type { Clock } from '../platform/time.ts';
import type { Run } from '../timetable/model.ts';
import { readFrozenRun, readRunOfVersion, readState } from '../timetable/store.ts';
import { changeRun, openLeftShards, type RunTables } from './change-run.ts';
import { noteRun, putOff, readNote, strikeOut } from './due-store.ts';
import type { Followed } from './model.ts';
import { decideFollowing, decideOwned, lookAgainAt } from './rules.ts';

export type FollowDependencies = RunTables & { bookings: Table; clock: Clock };

/** Of a train that many have bought, the first few say that it stays as it is. */
const ordersRead = 25;

type Found = { followed: Followed; orders: readonly Order[] };

/**
 * Lets a frozen run follow the version in force, if that has it otherwise and nobody has a seat of it. Anybody may call
 * it, any number of times and at once; whatever was begun and left is brought to an end.
 */
export const followNewest =
  (dependencies: FollowDependencies) =>
  async (runId: RunId): Promise<Found> => {
    const { timetable, inventory, clock } = dependencies;
    const [run, { version }] = await Promise.all([
      readFrozenRun(timetable, runId, { consistent: true }),
      readState(timetable),
    ]);
    if (!run || !version) return { followed: 'current', orders: [] };
    const fresh = await readRunOfVersion(timetable, version, runId);
    const decided = decideFollowing({ run, fresh, version: version.version }, clock());
    if (decided === 'current' || decided === 'over') {
      await openLeftShards(dependencies, run);
      return { followed: decided, orders: [] };
    }
    // A look at half the price, before anything is closed: most runs that are behind have been bought.
    const keys = shardsOfRun(run).map(({ key }) => key);
    const seen = await readShards(inventory, keys, { consistent: false });
    const owners = ownersIn(seen);
    if (fresh && owners.size === 0) {
      const outcome = await changeRun(dependencies, run, fresh);
      if (outcome !== 'owned') return { followed: outcome, orders: [] };
      return foundOwned(dependencies, ownersIn(await readShards(inventory, keys)));
    }
    await openLeftShards(dependencies, run);
    return owners.size > 0 ? foundOwned(dependencies, owners) : { followed: 'gone', orders: [] };
  };

const ownersIn = (shards: readonly (ShardState | undefined)[]): Set<OrderId> =>
  new Set(
    shards.flatMap((shard) =>
      [...(shard?.pieces.values() ?? [])].flatMap(({ owner }) =>
        owner === 'free' ? [] : [orderOfOwner(owner)],
      ),
    ),
  );

const foundOwned = async ({ bookings }: FollowDependencies, owners: Set<OrderId>): Promise<Found> => {
  const orders = [...(await readOrders(bookings, [...owners].slice(0, ordersRead))).values()];
  return { followed: decideOwned(orders), orders };
};

const isSettled = (followed: Followed): boolean => followed !== 'held' && followed !== 'overtaken';

/** What the clean-up does for a run that is due: follow, and strike out the note once nothing is left to do. */
export const followDue =
  (dependencies: FollowDependencies) =>
  async (runId: RunId): Promise<Followed> => {
    const { bookings, clock } = dependencies;
    const mark = await readNote(bookings, runId);
    const { followed, orders } = await followNewest(dependencies)(runId);
    if (mark === undefined) return followed;
    if (isSettled(followed)) await strikeOut(bookings, { runId, mark });
    else await putOff(bookings, { runId, mark }, lookAgainAt(orders, clock()));
    return followed;
  };

/**
 * Notes a run that was frozen a moment ago, if a newer version is in force by now: whoever froze it had read the
 * timetable before. Nobody else would look at it before the sweep does.
 */
export const noteIfBehind = async (
  { timetable, bookings, clock }: Pick<FollowDependencies, 'timetable' | 'bookings' | 'clock'>,
  run: Run,
): Promise<void> => {
  const { version } = await readState(timetable, { afresh: true });
  if (!version || run.version >= version.version) return;
  const now = clock();
  await noteRun(bookings, run.runId, { dueAt: now, now });
};

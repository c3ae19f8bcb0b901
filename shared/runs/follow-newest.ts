import { shardsOfRun } from '../inventory/shards.ts';
import { readShards } from '../inventory/store.ts';
import type { Order } from '../orders/model.ts';
import type { Table } from '../platform/dynamo.ts';
import type { RunId } from '../platform/ids.ts';
import type { Clock } from '../platform/time.ts';
import type { Run, Version } from '../timetable/model.ts';
import { readFrozenRun, readRunOfVersion, readState } from '../timetable/store.ts';
import { changeRun, reopenLeftShards, type RunTables } from './change-run.ts';
import { noteRun, postponeNote, readNote, removeNote } from './due-store.ts';
import { flagGoneRun } from './gone-store.ts';
import type { Followed } from './model.ts';
import { ownersIn, readOwned } from './owners.ts';
import { wakeWaitlist } from './release-seats.ts';
import { decideFollowing, nextLookAt } from './rules.ts';

export type FollowDependencies = RunTables & { bookings: Table; clock: Clock };

/** `inForce`: the version on which the decision rests. */
type Found = { followed: Followed; inForce: string | undefined; orders: readonly Order[] };

/**
 * Makes a frozen run follow the version in force, if the run differs there and nobody has a seat on it. Anybody may
 * call it, any number of times and at once; it finishes whatever earlier calls left unfinished.
 */
export const followNewest =
  (dependencies: FollowDependencies) =>
  async (runId: RunId): Promise<Found> => {
    const { timetable } = dependencies;
    const [run, { version }] = await Promise.all([
      readFrozenRun(timetable, runId, { consistent: true }),
      readState(timetable, { afresh: true }),
    ]);
    if (!run || !version) return { followed: 'current', inForce: version?.version, orders: [] };
    return { inForce: version.version, ...(await follow(dependencies, run, version)) };
  };

const follow = async (
  dependencies: FollowDependencies,
  run: Run,
  version: Version,
): Promise<Omit<Found, 'inForce'>> => {
  const { timetable, inventory, clock } = dependencies;
  const fresh = await readRunOfVersion(timetable, version, run.runId);
  const decided = decideFollowing({ run, fresh, version: version.version }, clock());
  if (decided === 'current' || decided === 'over') {
    await reopenLeftShards(dependencies, run);
    return { followed: decided, orders: [] };
  }
  // A read at half the price, before anything is closed: most runs that are behind have passengers.
  const keys = shardsOfRun(run).map(({ key }) => key);
  const seen = await readShards(inventory, keys, { consistent: false });
  const owners = ownersIn(seen);
  if (fresh && owners.size === 0) {
    const change = await changeRun(dependencies, run, fresh);
    if (change.outcome === 'rejected') {
      if (change.reason === 'overtaken') return { followed: 'overtaken', orders: [] };
      return readOwned(dependencies.bookings, ownersIn(await readShards(inventory, keys)));
    }
    await wakeWaitlist(dependencies)(run.runId);
    // The import of an even newer version may have seen the run in its old state and found nothing to do.
    return { followed: (await isBehind(timetable, fresh)) ? 'overtaken' : 'changed', orders: [] };
  }
  await reopenLeftShards(dependencies, run);
  return fresh ? readOwned(dependencies.bookings, owners) : foundGone(dependencies, run, version);
};

/** The timetable lacks the run: either nobody travels on it, or a person must hear that passengers expect it. */
const foundGone = async (
  dependencies: FollowDependencies,
  run: Run,
  { version }: Version,
): Promise<Omit<Found, 'inForce'>> => {
  const { bookings, inventory, clock } = dependencies;
  const keys = shardsOfRun(run).map(({ key }) => key);
  const owners = ownersIn(await readShards(inventory, keys));
  if (owners.size === 0) return { followed: 'gone', orders: [] };
  const found = await readOwned(bookings, owners);
  if (found.followed === 'kept') await flagGoneRun(bookings, run.runId, { version, now: clock() });
  return found;
};

const isBehind = async (timetable: Table, run: Run): Promise<boolean> => {
  const { version } = await readState(timetable, { afresh: true });
  return version !== undefined && run.version < version.version;
};

/** The clean-up's work for a due run: makes it follow, and removes the note once nothing is left to do. */
export const followDue =
  (dependencies: FollowDependencies) =>
  async (runId: RunId): Promise<Followed> => {
    const { bookings, clock } = dependencies;
    const note = await readNote(bookings, runId);
    const found = await followNewest(dependencies)(runId);
    if (!note) return found.followed;
    const again = nextLookAt({ note, ...found }, clock());
    const { mark } = note;
    if (again) await postponeNote(bookings, { runId, mark }, again);
    else await removeNote(bookings, { runId, mark });
    return found.followed;
  };

/**
 * Notes a run that an order froze a moment ago, if a newer version has come into force: that order had read the
 * timetable before. Nobody else would look at the run before the sweep does.
 */
export const noteIfBehind = async (
  { timetable, bookings, clock }: Pick<FollowDependencies, 'timetable' | 'bookings' | 'clock'>,
  run: Run,
): Promise<void> => {
  if (!(await isBehind(timetable, run))) return;
  const now = clock();
  await noteRun(bookings, run.runId, { dueAt: now, now });
};

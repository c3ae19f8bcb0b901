import { shardsOfRun } from '../inventory/shards.ts';
import { readShards } from '../inventory/store.ts';
import type { Table } from '../platform/dynamo.ts';
import type { Clock } from '../platform/time.ts';
import type { Run } from '../timetable/model.ts';
import type { Followed } from './model.ts';
import { ownersIn, readOwned } from './owners.ts';
import { decideFollowing } from './rules.ts';

type Dependencies = { inventory: Table; bookings: Table; clock: Clock };

/** How a frozen run would follow a version, if that came into force now. It writes nothing. */
export const foreseeFollowing =
  ({ inventory, bookings, clock }: Dependencies) =>
  async (run: Run, fresh: Run | undefined, version: string): Promise<Followed> => {
    const decided = decideFollowing({ run, fresh, version }, clock());
    if (decided === 'current' || decided === 'over') return decided;
    const keys = shardsOfRun(run).map(({ key }) => key);
    const owners = ownersIn(await readShards(inventory, keys));
    if (owners.size > 0) return (await readOwned(bookings, owners)).followed;
    return fresh ? 'changed' : 'gone';
  };

import { noteAllocation } from '../entries/allocation-store.ts';
import { firstInQueue, isAwaited } from '../entries/queue-store.ts';
import { orderOfOwner } from '../inventory/owner.ts';
import { releasePieces, type OwnedPlace } from '../inventory/store.ts';
import type { Table } from '../platform/dynamo.ts';
import type { RunId } from '../platform/ids.ts';
import type { Clock } from '../platform/time.ts';

type Dependencies = { bookings: Table; inventory: Table; clock: Clock };

/**
 * T4: releases pieces of seats. If entries of the waitlist wait for their run and class, they are kept for these, and the run
 * is noted first: if this dies in between, or its write lands late, somebody looks again while the pieces are kept.
 */
export const releaseSeats =
  ({ bookings, inventory, clock }: Dependencies) =>
  async (places: readonly OwnedPlace[]): Promise<void> => {
    const groups = Map.groupBy(places, ({ shard }) => `${shard.runId}#${shard.class}`);
    await Promise.all(
      [...groups.values()].map(async (group) => {
        const [first] = group;
        if (!first) return;
        const { runId, class: cls } = first.shard;
        const awaited = await isAwaited(bookings, { runId, class: cls });
        const now = clock();
        if (awaited) await noteAllocation(bookings, runId, { by: orderOfOwner(first.owner), now });
        await releasePieces(
          inventory,
          group.map((place) => ({ ...place, ...(awaited && { kept: now }) })),
        );
      }),
    );
  };

/**
 * Has the allocator look at a run whose seats have changed otherwise, if anybody waits for it: it has become bigger, or is
 * closed, so that nobody can wait for it any more.
 */
export const wakeWaitlist =
  ({ bookings, clock }: Omit<Dependencies, 'inventory'>) =>
  async (runId: RunId): Promise<void> => {
    const first = await firstInQueue(bookings, { runId });
    if (first) await noteAllocation(bookings, runId, { by: first.entryId, now: clock() });
  };

import { jobSchema } from '../../shared/disruption/model.ts';
import type { Snapshot } from '../../shared/audit/model.ts';
import { joinParts, sortPartition } from '../../shared/audit/sort-items.ts';
import type { Availability } from '../../shared/inventory/model.ts';
import { shardOfKey, stateOf } from '../../shared/inventory/store.ts';
import type { Item } from '../../shared/platform/dynamo.ts';
import type { StreamRecord } from '../../shared/platform/stream-records.ts';
import type { Instant } from '../../shared/platform/time.ts';
import type { Run } from '../../shared/timetable/model.ts';

export type Mirror = ReturnType<typeof makeMirror>;

/**
 * Both tables as their streams tell them, and the frozen runs as they were read at the same moment: a snapshot of any
 * moment, without reading anything.
 */
export const makeMirror = () => {
  const runs = new Map<string, Run>();
  const bookings = new Map<string, Map<string, Item>>();
  const shards = new Map<string, Item>();

  return {
    runs,
    seeRuns: (read: readonly Run[]): void => {
      for (const run of read) runs.set(run.runId, run);
    },
    shards,
    bookings,
    seeShard: ({ keys, newImage }: StreamRecord): void => {
      if (newImage) shards.set(String(keys['pk']), newImage);
      else shards.delete(String(keys['pk']));
    },
    seeBooking: ({ keys, newImage }: StreamRecord): void => {
      const [pk, sk] = [String(keys['pk']), String(keys['sk'])];
      const partition = bookings.get(pk) ?? new Map<string, Item>();
      bookings.set(pk, partition);
      if (newImage) partition.set(sk, newImage);
      else partition.delete(sk);
    },
    /** The soonest deadline in the index of what is due. */
    nextDue: (): string | undefined =>
      [...bookings.values()]
        .flatMap((partition) => [...partition.values()])
        .flatMap((item) => (item['dueShard'] && item['dueAt'] ? [String(item['dueAt'])] : []))
        .sort()[0],
    snapshot: (now: Instant, views?: ReadonlyMap<string, Availability>): Snapshot => {
      const parts = joinParts([...bookings].map(([pk, items]) => sortPartition(pk, [...items.values()])));
      const stored = [...shards].map(([pk, item]) => ({ key: shardOfKey(pk), state: stateOf(item) }));
      return {
        now,
        ...parts,
        cancellations: [...bookings].flatMap(([pk, items]) =>
          pk.endsWith('~cancelled') ? [...items.values()].map((item) => jobSchema.parse(item)) : [],
        ),
        runs: [...runs.values()]
          .filter(({ runId }) => stored.some(({ key }) => key.runId === runId))
          .map((run) => ({
            runId: run.runId,
            run,
            shards: stored.filter(({ key }) => key.runId === run.runId),
            unreadable: [],
            view: views?.get(run.runId),
          })),
      };
    },
  };
};

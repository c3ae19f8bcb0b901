import type { Class } from '../platform/ids.ts';
import type { Layout, Stretch } from '../timetable/model.ts';
import type { Availability } from './model.ts';
import { closedForGood, gapsOf, type ShardState } from './pieces.ts';
import { seatCountOf } from './shards.ts';

/** Pairs of stops `from < to` of a run with `stopCount` stops, and where a pair stands in their list. */
export const pairCount = (stopCount: number): number => (stopCount * (stopCount - 1)) / 2;

export const pairIndex = (stopCount: number, { from, to }: Stretch): number =>
  from * (stopCount - 1) - (from * (from - 1)) / 2 + (to - from - 1);

/** Adds to `free` each seat of the shard once for every stop pair on which it is free throughout. */
export const countFree = (free: Uint16Array, stopCount: number, shard: ShardState): void => {
  // A change of the run closes its shards for a moment. That is no reason to call it sold out.
  if (shard.closed === closedForGood) return;
  for (const gap of gapsOf(shard)) {
    for (let from = gap.from; from < gap.to; from += 1) {
      for (let to = from + 1; to <= gap.to; to += 1) {
        const index = pairIndex(stopCount, { from, to });
        free[index] = (free[index] ?? 0) + 1;
      }
    }
  }
};

/** A view, where it is of the run's generation: it says nothing of the seats of another. */
export const viewOf = (
  view: Availability | undefined,
  { generation }: { generation: number },
): Availability | undefined => (view?.generation === generation ? view : undefined);

/** Seats left between two stops as last counted; a run that nobody has touched has all of them. */
export const seatsLeft = (
  view: Availability | undefined,
  layout: Layout,
  wanted: Class,
  stopCount: number,
  stretch: Stretch,
): number => {
  if (!view) return seatCountOf(layout, wanted);
  return view.free[wanted]?.[pairIndex(stopCount, stretch)] ?? 0;
};

import type { Class } from '../platform/ids.ts';
import { secondsBetween, type Instant } from '../platform/time.ts';
import type { Layout, Run, Stretch } from '../timetable/model.ts';
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

/** A view, where it is of the run as it stands: it says nothing of the seats of another generation or version. */
export const viewOf = (
  view: Availability | undefined,
  { generation, version, stops }: Pick<Run, 'generation' | 'version' | 'stops'>,
): Availability | undefined =>
  view?.generation === generation && view.feedVersion === version && view.stopCount === stops.length
    ? view
    : undefined;

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

/**
 * Whether a party that a view refuses may get seats in a moment: those that were just taken by orders that do not live
 * yet would be enough. It hears `busy`, never `sold-out`.
 */
export const mayFitSoon = (
  view: Availability | undefined,
  wish: { class: Class; stretch: Stretch; party: number },
  now: Instant,
): boolean => {
  if (!view?.perhaps || now >= view.perhaps.until) return false;
  const left = view.perhaps.free[wish.class]?.[pairIndex(view.stopCount, wish.stretch)] ?? 0;
  return left >= wish.party;
};

/** A refusal may rest on a view of so long ago, in seconds: the stream takes about one to bring what has changed. */
export const viewTrustSeconds = 5;

const isWithinTrust = (at: string | undefined, now: Instant): boolean =>
  at !== undefined && Math.abs(secondsBetween(at as Instant, now)) < viewTrustSeconds;

/**
 * Whether a view that is in the way of a buyer must be counted anew before it is believed. Its stream may have lost the
 * last change, and who is refused changes nothing: so no new change would ever come. Not while somebody else counts
 * it; a view or a claim from the future is of a wrong clock, and not believed either.
 */
export const needsCount = (view: Availability | undefined, now: Instant): boolean =>
  !isWithinTrust(view?.asOf, now) && !isWithinTrust(view?.countClaimedAt, now);

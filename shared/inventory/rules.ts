import type { Class } from '../platform/ids.ts';
import { secondsBetween, type Instant } from '../platform/time.ts';
import type { Layout, Run, Stretch } from '../timetable/model.ts';
import type { Availability } from './model.ts';
import { closedForGood, gapsOf, type ShardState, type Taker } from './pieces.ts';
import { seatCountOf } from './shards.ts';

/** Why an ended order does not get its seats again. `own-order`: only other tries of the same order have them. */
export type HoldAgainRefusal = 'gone' | 'busy' | 'closed' | 'own-order';

/** Whether the same seats may be available later. `closed`: if the run is open, it is only changing. */
export const isRetryable = {
  gone: false,
  busy: true,
  closed: true,
  'own-order': true,
} as const satisfies Record<HoldAgainRefusal, boolean>;

/** The number of stop pairs `from < to` of a run with `stopCount` stops, and the index of a pair in their list. */
export const pairCount = (stopCount: number): number => (stopCount * (stopCount - 1)) / 2;

export const pairIndex = (stopCount: number, { from, to }: Stretch): number =>
  from * (stopCount - 1) - (from * (from - 1)) / 2 + (to - from - 1);

/** DynamoDB takes no item above 400 KB; 4 KB are for the rest of a view. */
export const viewBytesMax = 400 * 1024 - 4096;

/**
 * The number of classes that a run of so many stops may have, so that its view fits into an item. At worst, each class
 * has two counts of two bytes a stop pair, and compression saves nothing; a third one is stored only if it fits.
 */
export const classesMax = (stopCount: number): number => {
  const nameAndFrame = 100;
  return Math.floor(viewBytesMax / (2 * (2 * pairCount(stopCount) + nameAndFrame)));
};

/**
 * Adds each seat of the shard to `free`, once for every stop pair on which it is free throughout. It notes each gap at
 * its widest pair; then each pair adds the gaps of the pairs that reach one stop further. So the work grows with the
 * number of pairs plus the number of gaps, and not with their product.
 */
export const countFree = (free: Uint16Array, stopCount: number, shard: ShardState, taker: Taker): void => {
  // A change of the run closes its shards for a moment. The run is not sold out because of that.
  if (shard.closed === closedForGood) return;
  const within = new Int32Array(pairCount(stopCount));
  const at = (from: number, to: number): number =>
    from < 0 || to >= stopCount ? 0 : (within[pairIndex(stopCount, { from, to })] ?? 0);
  for (const gap of gapsOf(shard, taker)) {
    const index = pairIndex(stopCount, gap);
    within[index] = (within[index] ?? 0) + 1;
  }
  for (let from = 0; from < stopCount - 1; from += 1) {
    for (let to = stopCount - 1; to > from; to -= 1) {
      const index = pairIndex(stopCount, { from, to });
      const count = at(from, to) + at(from - 1, to) + at(from, to + 1) - at(from - 1, to + 1);
      within[index] = count;
      free[index] = (free[index] ?? 0) + count;
    }
  }
};

/**
 * A view as it counts now: the seats that were kept for the waitlist at the count, and no longer are, are free. Nothing has
 * changed since that would have caused another count.
 */
export const viewAt = (view: Availability, now: Instant): Availability =>
  view.later && view.later.from <= now ? { ...view, free: view.later.free } : view;

/** The view, if it matches the current run: it means nothing for the seats of another generation or version. */
export const viewOf = (
  view: Availability | undefined,
  { generation, version, stops }: Pick<Run, 'generation' | 'version' | 'stops'>,
): Availability | undefined =>
  view?.generation === generation && view.feedVersion === version && view.stopCount === stops.length
    ? view
    : undefined;

/** Both: the view of the current run, as it counts now. */
export const viewNow = (
  view: Availability | undefined,
  run: Parameters<typeof viewOf>[1],
  now: Instant,
): Availability | undefined => viewOf(view && viewAt(view, now), run);

/** Seats left between two stops at the last count; a run that nobody has touched has all of them. */
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
 * Whether a party that a view refuses may get seats in a moment: the seats just taken by orders that do not live yet
 * would be enough. That party hears `busy`, never `sold-out`.
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

/**
 * The greatest age, in seconds, of a view that justifies a refusal: the stream takes about one second to bring a
 * change.
 */
export const viewTrustSeconds = 5;

const isWithinTrust = (at: string | undefined, now: Instant): boolean =>
  at !== undefined && Math.abs(secondsBetween(at as Instant, now)) < viewTrustSeconds;

/**
 * Whether a view that refuses a buyer needs a new count first. The stream may have lost the last change, and a refusal
 * changes nothing, so no new change would ever come. No count is needed while somebody else counts. A view or a claim
 * from the future comes from a wrong clock and does not count.
 */
export const needsCount = (view: Availability | undefined, now: Instant): boolean =>
  !isWithinTrust(view?.asOf, now) && !isWithinTrust(view?.countClaimedAt, now);

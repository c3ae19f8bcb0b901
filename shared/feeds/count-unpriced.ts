import type { StopId } from '../platform/ids.ts';
import type { TripCall } from '../timetable/model.ts';
import type { FareSheet } from './fare-sheet.ts';

type Called = { calls: readonly TripCall[] };

/**
 * The number of pairs of stops between which passengers could travel but have no fare: the sheet has none for any trip,
 * and a fare by the kilometre lacks the distance.
 */
export const countUnpriced = (trips: readonly Called[], sheet: FareSheet, hasRate: boolean): number => {
  const [seen, priced] = [new Map<StopId, Set<StopId>>(), new Map<StopId, Set<StopId>>()];
  const patterns = new Set<string>();
  const note = (pairs: typeof seen, from: StopId, to: StopId): void => {
    const ofStop = pairs.get(from);
    if (ofStop) ofStop.add(to);
    else pairs.set(from, new Set([to]));
  };
  for (const { calls } of trips) {
    // All trips of one line have the same pairs.
    const pattern = JSON.stringify(
      calls.map(({ stopId, boarding, alighting }) => [stopId, boarding, alighting]),
    );
    if (patterns.has(pattern)) continue;
    patterns.add(pattern);
    for (const [at, from] of calls.entries()) {
      for (const to of calls.slice(at + 1)) {
        if (!from.boarding || !to.alighting || from.stopId === to.stopId) continue;
        note(seen, from.stopId, to.stopId);
        const hasDistance = hasRate && from.metres !== undefined && to.metres !== undefined;
        if (hasDistance || sheet.has(from.stopId, to.stopId)) note(priced, from.stopId, to.stopId);
      }
    }
  }
  return pairCount(seen) - pairCount(priced);
};

const pairCount = (pairs: ReadonlyMap<StopId, ReadonlySet<StopId>>): number =>
  [...pairs.values()].reduce((sum, { size }) => sum + size, 0);

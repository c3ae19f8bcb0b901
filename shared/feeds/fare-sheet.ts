import type { StopId, TripId } from '../platform/ids.ts';
import type { PairFares } from '../fares/model.ts';

/** Collects fares: by pair of stops, then trip, then class. */
export type FareSheet = {
  /** Sets a fare. Returns false if there is one already. */
  set: (fare: { from: StopId; to: StopId; trip: TripId | '*'; cls: string; amount: number }) => boolean;
  /** Whether a pair has a fare of any trip and class. */
  has: (from: StopId, to: StopId) => boolean;
  /** Takes all fares of a pair out again. */
  drop: (from: StopId, to: StopId) => void;
  pairs: () => Iterable<{ from: StopId; to: StopId; fares: PairFares }>;
  /** The number of pairs of stops that have fares. */
  size: () => number;
};

export const fareSheet = (currency: string): FareSheet => {
  const byFrom = new Map<StopId, Map<StopId, Map<string, Map<string, number>>>>();
  const level = <Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value => {
    const existing = map.get(key);
    if (existing !== undefined) return existing;
    const made = make();
    map.set(key, made);
    return made;
  };
  const set: FareSheet['set'] = ({ from, to, trip, cls, amount }) => {
    const byTo = level(byFrom, from, () => new Map());
    const byTrip = level(byTo, to, () => new Map());
    const byClass = level(byTrip, trip, () => new Map());
    if (byClass.has(cls)) return false;
    byClass.set(cls, amount);
    return true;
  };
  function* pairs(): Generator<{ from: StopId; to: StopId; fares: PairFares }> {
    for (const [from, byTo] of byFrom) {
      for (const [to, trips] of byTo) {
        const byTrip = Object.fromEntries(
          [...trips].map(([trip, classes]) => [trip, Object.fromEntries(classes)]),
        );
        yield { from, to, fares: { currency, byTrip } };
      }
    }
  }
  const size = (): number => [...byFrom.values()].reduce((count, byTo) => count + byTo.size, 0);
  const has: FareSheet['has'] = (from, to) => byFrom.get(from)?.has(to) ?? false;
  const drop: FareSheet['drop'] = (from, to) => void byFrom.get(from)?.delete(to);
  return { set, has, drop, pairs, size };
};

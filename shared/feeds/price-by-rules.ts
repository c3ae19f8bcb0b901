import { chooseFare, type FareRule } from './choose-fare.ts';
import type { FeedTrip } from './join-trips.ts';
import type { ProblemList } from './problems.ts';
import type { Feed } from './read-feed.ts';
import type { RidePricer } from './ride-fares.ts';

type Input = {
  feed: { routes: Feed['routes']; stops: Pick<Feed['stops'], 'zoneOf'> };
  rules: readonly FareRule[];
  problems: ProblemList;
};

/** Prices rides by the rules of GTFS Fares v1, and reports each set of contradictory fares once. */
export const priceByRules = ({ feed, rules, problems }: Input): RidePricer => {
  const candidates = candidateFinder(feed, rules);
  const reported = new Set<string>();
  const dependsOnTime = rules.some(({ fare }) => fare.transfers === 0 && fare.seconds !== undefined);
  const rulesAlong = (trip: FeedTrip, from: number, to: number): readonly FareRule[] => {
    const found = candidates(trip, from, to);
    if (found.every(({ contains }) => contains.size === 0)) return found;
    const passed = passedBy(feed, trip, from, to);
    return found.flatMap((rule) => {
      const holds = holdsAlong(rule, passed);
      if (holds === 'no') return [];
      return holds === 'yes' ? [rule] : [{ ...rule, fare: { ...rule.fare, amount: 'not-understood' } }];
    });
  };
  const fareOf = (trip: FeedTrip, from: number, to: number): number | undefined => {
    const seconds = (trip.calls[to]?.arrives ?? 0) - (trip.calls[from]?.departs ?? 0);
    const chosen = chooseFare(rulesAlong(trip, from, to), seconds);
    if (chosen.outcome === 'priced') return chosen.amount;
    if (chosen.outcome === 'ambiguous') {
      const ids = chosen.fareIds.join(', ');
      if (reported.has(ids)) return undefined;
      reported.add(ids);
      const where = `from ${trip.feedStops[from]} to ${trip.feedStops[to]} on route ${trip.routeId}`;
      const reason = `the fares ${ids} hold for the same ride, such as ${where}, and nothing tells which is meant: no such ride is sold`;
      problems.warn({ kind: 'fare-ambiguous', file: 'fare_rules.txt', reason });
    }
    return undefined;
  };
  return { fareOf, dependsOnTime };
};

/** The rules that match a route and the zones at both ends, computed once for each. */
const candidateFinder = ({ routes, stops }: Input['feed'], rules: readonly FareRule[]) => {
  const byEnds = Map.groupBy(rules, ({ origin, destination }) => JSON.stringify([origin, destination]));
  const known = new Map<string, readonly FareRule[]>();
  return ({ routeId, feedStops }: FeedTrip, from: number, to: number): readonly FareRule[] => {
    const ends = [feedStops[from], feedStops[to]].map((stop) => stops.zoneOf.get(stop ?? '') ?? '');
    const [origin = '', destination = ''] = ends;
    const key = JSON.stringify([routeId, origin, destination]);
    const found = known.get(key);
    if (found) return found;
    const agencyId = routes.get(routeId)?.agencyId ?? '';
    const matching = [...new Set([origin, ''])]
      .flatMap((zone) => [...new Set([destination, ''])].map((other) => JSON.stringify([zone, other])))
      .flatMap((pair) => byEnds.get(pair) ?? [])
      .filter((rule) => rule.routeId === '' || rule.routeId === routeId)
      .filter(({ fare }) => fare.agencyId === '' || fare.agencyId === agencyId);
    known.set(key, matching);
    return matching;
  };
};

/** The known zones of a ride, and whether there may be more. */
type Passed = { zones: ReadonlySet<string>; mayBeMore: boolean };

const passedBy = (
  { stops }: Input['feed'],
  { feedStops, hasGaps }: FeedTrip,
  from: number,
  to: number,
): Passed => {
  const zones = feedStops.slice(from, to + 1).map((stop) => stops.zoneOf.get(stop));
  const known = new Set(zones.filter((zone) => zone !== undefined));
  return { zones: known, mayBeMore: hasGaps || zones.includes(undefined) };
};

/** A rule matches if its zones are those of the ride, no more and no fewer. */
const holdsAlong = ({ contains }: FareRule, { zones, mayBeMore }: Passed): 'yes' | 'no' | 'maybe' => {
  if (contains.size === 0) return 'yes';
  if (!zones.isSubsetOf(contains)) return 'no';
  if (mayBeMore) return 'maybe';
  return zones.size === contains.size ? 'yes' : 'no';
};

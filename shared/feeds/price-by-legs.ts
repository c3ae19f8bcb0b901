import { productChooser, type LegChoice, type LegRules } from './choose-product.ts';
import type { FeedTrip } from './join-trips.ts';
import type { ProblemList } from './problems.ts';
import type { Areas } from './read-areas.ts';
import type { RidePricer } from './ride-fares.ts';

type Input = { areas: Areas; rules: LegRules; problems: ProblemList };

/** Prices rides by GTFS Fares v2: a ride on one trip is one leg. Reports each ambiguous set of products once. */
export const priceByLegs = ({ areas, rules, problems }: Input): RidePricer => {
  const choose = productChooser(rules);
  const chosen = new Map<string, LegChoice>();
  const reported = new Set<string>();
  const fareOf = ({ routeId, feedStops }: FeedTrip, from: number, to: number): number | undefined => {
    const [fromStop, toStop] = [feedStops[from] ?? '', feedStops[to] ?? ''];
    const leg = {
      networks: areas.networksOf(routeId),
      fromAreas: areas.areasOf(fromStop),
      toAreas: areas.areasOf(toStop),
    };
    const key = JSON.stringify([[...leg.networks], [...leg.fromAreas], [...leg.toAreas]]);
    const choice = chosen.get(key) ?? choose(leg);
    chosen.set(key, choice);
    if (choice.outcome === 'priced') return choice.amount;
    if (!('productIds' in choice)) return undefined;
    const ids = choice.productIds.join(', ');
    if (reported.has(`${choice.outcome} ${ids}`)) return undefined;
    reported.add(`${choice.outcome} ${ids}`);
    const where = `from ${fromStop} to ${toStop} on route ${routeId}`;
    const reason = {
      uncertain: `${ids} may or may not apply where a rule leaves a network or area empty, such as ${where}: no such ride is sold`,
      ambiguous: `${ids} pay for the same ride, such as ${where}, and nothing tells whose they are: no such ride is sold`,
    }[choice.outcome];
    problems.warn({ kind: 'fare-ambiguous', file: 'fare_leg_rules.txt', reason });
    return undefined;
  };
  return { fareOf, dependsOnTime: false };
};

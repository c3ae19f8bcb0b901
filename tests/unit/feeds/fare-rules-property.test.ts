import fc from 'fast-check';
import type { FareRule } from '../../../shared/feeds/choose-fare.ts';
import type { FeedTrip } from '../../../shared/feeds/join-trips.ts';
import { priceByRules } from '../../../shared/feeds/price-by-rules.ts';
import { problemList } from '../../../shared/feeds/problems.ts';
import { stopIdSchema, tripIdSchema } from '../../../shared/platform/ids.ts';

const zones = ['1', '2', '3'];
const routes = ['R', 'S'];
const maybe = (values: readonly string[]) => fc.constantFrom('', ...values);

type Drawn = { routeId: string; origin: string; destination: string; contains: string[]; amount: number };
const drawnRule: fc.Arbitrary<Drawn> = fc.record({
  routeId: maybe(routes),
  origin: maybe(zones),
  destination: maybe(zones),
  contains: fc.subarray(zones),
  amount: fc.constantFrom(100, 200),
});

/** Of each ride alone, without an index: the fare of the rules that hold, if no rule narrower than one of them differs. */
const slowFare = (
  rules: readonly Drawn[],
  routeId: string,
  passed: readonly string[],
): number | undefined => {
  const fields = ['routeId', 'origin', 'destination', 'contains'] as const;
  const filled = (rule: Drawn) => fields.filter((field) => rule[field].length > 0);
  const holding = rules.filter((rule) => {
    const { contains } = rule;
    if (rule.routeId !== '' && rule.routeId !== routeId) return false;
    if (rule.origin !== '' && rule.origin !== passed[0]) return false;
    if (rule.destination !== '' && rule.destination !== passed.at(-1)) return false;
    if (contains.length === 0) return true;
    return zones.every((zone) => contains.includes(zone) === passed.includes(zone));
  });
  const narrowest = holding.filter(
    (rule) =>
      !holding.some(
        (other) =>
          filled(other).length > filled(rule).length &&
          filled(rule).every((field) => filled(other).includes(field)),
      ),
  );
  const amounts = [...new Set(narrowest.map(({ amount }) => amount))];
  return amounts.length === 1 ? amounts[0] : undefined;
};

test('every ride of a trip costs what its rules say one by one', () => {
  const drawn = fc.record({
    rules: fc.array(drawnRule, { maxLength: 6 }),
    routeId: fc.constantFrom(...routes),
    calls: fc.array(fc.constantFrom(...zones), { minLength: 2, maxLength: 6 }),
  });
  fc.assert(
    fc.property(drawn, ({ rules, routeId, calls }) => {
      const feedStops = calls.map((_, at) => `S${at}`);
      const zoneOf = new Map(feedStops.map((stop, at) => [stop, calls[at] ?? '']));
      const trip: FeedTrip = {
        tripId: tripIdSchema.parse('T'),
        name: 'T',
        routeId,
        days: new Uint8Array(),
        feedStops,
        hasGaps: false,
        calls: feedStops.map((stop, at) => ({
          stopId: stopIdSchema.parse(stop),
          arrives: at,
          departs: at,
          boarding: true,
          alighting: true,
        })),
      };
      const feed = { routes: new Map(), stops: { zoneOf } };
      const asRules = rules.map(({ amount, contains, ...ends }, at): FareRule => ({
        ...ends,
        contains: new Set(contains),
        fare: {
          fareId: `F${at}`,
          amount,
          agencyId: '',
          payment: 'before',
          transfers: 0,
          seconds: undefined,
        },
      }));
      const { fareOf } = priceByRules({ feed, rules: asRules, problems: problemList() });
      for (let from = 0; from < calls.length; from += 1) {
        for (let to = from + 1; to < calls.length; to += 1) {
          expect(fareOf(trip, from, to)).toBe(slowFare(rules, routeId, calls.slice(from, to + 1)));
        }
      }
    }),
    { numRuns: 500 },
  );
});

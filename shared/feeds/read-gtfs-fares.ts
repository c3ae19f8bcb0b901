import { any } from '../fares/model.ts';
import { fromDecimal } from '../platform/money.ts';
import type { StopId, TripId } from '../platform/ids.ts';
import type { FareSheet } from './fare-sheet.ts';
import type { FeedFiles } from './feed-files.ts';
import type { ProblemList } from './problems.ts';
import type { FeedTrip } from './join-trips.ts';
import type { Feed } from './read-feed.ts';
import { readTable, type Row } from './read-table.ts';

const attributesTable = { file: 'fare_attributes.txt', required: ['fare_id', 'price', 'currency_type'] };
const rulesTable = { file: 'fare_rules.txt', required: ['fare_id'] };

/** The places to which a fare applies; an empty field means anywhere. */
type FareRule = { routeId: string; origin: string; destination: string };
type GtfsFare = { amount: number; rules: FareRule[] };

/**
 * Reads the feed's own fares (GTFS fares v1): each applies to every class, by route and by zone of origin and
 * destination. If several apply, the cheapest wins; if that one is free, the pair has no fare, because nothing is sold
 * for nothing. The import leaves out, with a warning, fares in another currency than the carrier's, which cannot be
 * sold, and rules on zones that a trip passes through (`contains_id`).
 */
export const readGtfsFares = async (input: {
  files: FeedFiles;
  feed: Feed;
  currency: string;
  sheet: FareSheet;
  problems: ProblemList;
}): Promise<void> => {
  const { files, feed } = input;
  if (!files.has(attributesTable.file)) return;
  const fares = await readAttributes(input);
  if (fares.size === 0) return;
  if (files.has(rulesTable.file)) await readRules(input, fares);
  fillSheet(feed, [...fares.values()], input.sheet);
};

type Input = Parameters<typeof readGtfsFares>[0];

const readAttributes = async ({ files, currency, problems }: Input): Promise<Map<string, GtfsFare>> => {
  const fares = new Map<string, GtfsFare>();
  const foreign = new Set<string>();
  const onRow = ({ line, text }: Row): void => {
    const report = (reason: string): void =>
      problems.leaveOut('row', undefined, { kind: 'fares', file: attributesTable.file, line, reason });
    const [fareId, rowCurrency] = [text('fare_id'), text('currency_type')];
    if (!fareId) return report('fare_id is empty');
    if (fares.has(fareId)) return report(`the fare_id ${fareId} occurs twice`);
    if (rowCurrency !== currency) return void foreign.add(rowCurrency);
    const price = fromDecimal(text('price'), currency);
    if (!price) return report(`price ${text('price')} is not an amount of ${currency}`);
    if (price.amount === 0) {
      const reason = `the fare ${fareId} costs nothing: where it is the cheapest, there is nothing to sell`;
      problems.warn({ kind: 'free-fare', file: attributesTable.file, line, reason });
    }
    fares.set(fareId, { amount: price.amount, rules: [] });
    return undefined;
  };
  await readTable(
    { ...attributesTable, mayBeEmpty: true },
    await files.open(attributesTable.file),
    problems,
    onRow,
  );
  if (foreign.size > 0) {
    const reason = `fares in ${[...foreign].join(', ')} are left out: this carrier sells in ${currency}`;
    problems.warn({ kind: 'foreign-fares', file: attributesTable.file, reason });
  }
  return fares;
};

const readRules = async ({ files, problems }: Input, fares: ReadonlyMap<string, GtfsFare>): Promise<void> => {
  const onRow = ({ line, text }: Row): void => {
    const fare = fares.get(text('fare_id'));
    if (!fare) return;
    if (text('contains_id')) {
      const reason = 'a rule on zones passed through is left out';
      return problems.warn({ kind: 'fare-rule', file: rulesTable.file, line, reason });
    }
    fare.rules.push({
      routeId: text('route_id'),
      origin: text('origin_id'),
      destination: text('destination_id'),
    });
    return undefined;
  };
  await readTable({ ...rulesTable, mayBeEmpty: true }, await files.open(rulesTable.file), problems, onRow);
};

const holds = (rule: FareRule, routeId: string, from: string | undefined, to: string | undefined): boolean =>
  (rule.routeId === '' || rule.routeId === routeId) &&
  (rule.origin === '' || rule.origin === from) &&
  (rule.destination === '' || rule.destination === to);

/** Finds the cheapest fare for a route and two zones, and works it out once for each combination. */
const cheapestFinder = (fares: readonly GtfsFare[]) => {
  const cheapestByKey = new Map<string, number | undefined>();
  return (routeId: string, from: string | undefined, to: string | undefined): number | undefined => {
    const key = JSON.stringify([routeId, from, to]);
    if (!cheapestByKey.has(key)) {
      const amounts = fares
        .filter(({ rules }) => rules.length === 0 || rules.some((rule) => holds(rule, routeId, from, to)))
        .map(({ amount }) => amount);
      cheapestByKey.set(key, amounts.length > 0 ? Math.min(...amounts) : undefined);
    }
    return cheapestByKey.get(key);
  };
};

type PairFare = { from: StopId; to: StopId; byTrip: Map<TripId, number | undefined> };

/** If all trips of a pair have the same fare, as they usually do, writes it once for any trip. */
const fillSheet = (feed: Feed, fares: readonly GtfsFare[], sheet: FareSheet): void => {
  const cheapest = cheapestFinder(fares);
  const pairs = new Map<string, PairFare>();
  for (const trip of feed.trips) gatherPairs(trip, cheapest, pairs);
  for (const { from, to, byTrip } of pairs.values()) {
    const amounts = new Set(byTrip.values());
    const entries = amounts.size === 1 ? [[any, [...amounts][0]] as const] : [...byTrip];
    for (const [trip, amount] of entries) {
      if (amount) sheet.set({ from, to, trip, cls: any, amount });
    }
  }
};

const gatherPairs = (
  trip: FeedTrip,
  cheapest: ReturnType<typeof cheapestFinder>,
  pairs: Map<string, PairFare>,
): void => {
  for (const [i, { stopId: from }] of trip.calls.entries()) {
    for (const [j, { stopId: to }] of trip.calls.entries()) {
      if (j <= i || from === to) continue;
      const amount = cheapest(trip.routeId, trip.zones[i], trip.zones[j]);
      const key = JSON.stringify([from, to]);
      const pair = pairs.get(key) ?? { from, to, byTrip: new Map() };
      pairs.set(key, pair);
      const other = pair.byTrip.get(trip.tripId);
      pair.byTrip.set(trip.tripId, other === undefined ? amount : Math.min(other, amount ?? other));
    }
  }
};

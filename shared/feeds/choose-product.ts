/*
 * GTFS Fares v2 as decisions: the price of one leg for a passenger of the default category, by the rules of the
 * specification's fare_leg_rules.txt (https://gtfs.org/documentation/schedule/reference/#fare_leg_rulestxt).
 */

/** The price of a fare product for a passenger of the default category, with a ticket on a phone or on paper. */
export type ProductPrice =
  | { outcome: 'priced'; amount: number }
  /** Not for our passengers: it is for another category, another kind of ticket or another currency. */
  | { outcome: 'for-others' }
  | { outcome: 'not-understood' };

export type LegRule = {
  productId: string;
  networkId: string;
  fromArea: string;
  toArea: string;
  priority: number;
  price: ProductPrice;
};

export type LegRules = {
  rules: readonly LegRule[];
  /** With priorities, an empty field matches anything; without, it matches what no other rule of the file names. */
  hasPriorities: boolean;
  /** Every product is for passengers of a category, or for all: two products are then two offers for one passenger. */
  namesRiders: boolean;
};

/** A leg as rules can describe it. */
export type Leg = {
  networks: ReadonlySet<string>;
  fromAreas: ReadonlySet<string>;
  toAreas: ReadonlySet<string>;
};

export type LegChoice =
  | { outcome: 'priced'; amount: number }
  | { outcome: 'none' }
  | { outcome: 'unsold' }
  /** The feed does not say whether these match the leg. */
  | { outcome: 'uncertain'; productIds: readonly string[] }
  | { outcome: 'ambiguous'; productIds: readonly string[] };

type Fit = 'yes' | 'no' | 'maybe';

/** Chooses the price of a leg. Of all rules that match it, those of the highest priority decide. */
export const productChooser = ({ rules, hasPriorities, namesRiders }: LegRules) => {
  const listed = {
    networks: new Set(rules.flatMap(({ networkId }) => networkId || [])),
    fromAreas: new Set(rules.flatMap(({ fromArea }) => fromArea || [])),
    toAreas: new Set(rules.flatMap(({ toArea }) => toArea || [])),
  };
  const fitOf = (value: string, own: ReadonlySet<string>, others: ReadonlySet<string>): Fit => {
    if (value !== '') return own.has(value) ? 'yes' : 'no';
    return hasPriorities || others.size === 0 ? 'yes' : fitOfRest(own, others);
  };
  return (leg: Leg): LegChoice => {
    const fitting = rules.flatMap((rule) => {
      const fits = [
        fitOf(rule.networkId, leg.networks, listed.networks),
        fitOf(rule.fromArea, leg.fromAreas, listed.fromAreas),
        fitOf(rule.toArea, leg.toAreas, listed.toAreas),
      ];
      return fits.includes('no') ? [] : [{ rule, isCertain: !fits.includes('maybe') }];
    });
    const highest = Math.max(...fitting.map(({ rule }) => rule.priority));
    const deciding = fitting.filter(({ rule }) => rule.priority === highest);
    const uncertain = deciding.filter(({ isCertain }) => !isCertain);
    if (uncertain.length > 0) return { outcome: 'uncertain', productIds: idsOf(uncertain) };
    return chooseAmong(
      deciding.map(({ rule }) => rule),
      namesRiders,
    );
  };
};

/**
 * An empty field, where other rules name networks or areas, matches all that they do not name. It is uncertain whether
 * it matches a leg that is in none.
 */
const fitOfRest = (own: ReadonlySet<string>, listed: ReadonlySet<string>): Fit => {
  if (own.size === 0) return 'maybe';
  if (own.isDisjointFrom(listed)) return 'yes';
  return own.isSubsetOf(listed) ? 'no' : 'maybe';
};

const chooseAmong = (rules: readonly LegRule[], namesRiders: boolean): LegChoice => {
  if (rules.length === 0) return { outcome: 'none' };
  if (rules.some(({ price }) => price.outcome === 'not-understood')) return { outcome: 'unsold' };
  const amounts = new Set(rules.flatMap(({ price }) => (price.outcome === 'priced' ? [price.amount] : [])));
  if (amounts.size === 0) return { outcome: 'unsold' };
  // A day's ticket is such another product; without categories, it may be a child's.
  if (amounts.size > 1 && !namesRiders) {
    return { outcome: 'ambiguous', productIds: idsOf(rules.map((rule) => ({ rule }))) };
  }
  return { outcome: 'priced', amount: Math.min(...amounts) };
};

const idsOf = (rules: readonly { rule: LegRule }[]): string[] =>
  [...new Set(rules.map(({ rule }) => rule.productId))].toSorted();

/*
 * GTFS Fares v1 as decisions: which fare a ride has, of all fares whose rules match it. The specification does not say
 * what several matching fares mean; this decides only what a clerk would say without doubt, and otherwise there is no
 * fare.
 */

/** A fare of fare_attributes.txt. */
export type GtfsFare = {
  fareId: string;
  /**
   * In minor units of the carrier's currency, or why we do not sell it. A fare in another currency may be one of ours
   * in other money; a fare that we do not understand may mean anything for the rides that it matches.
   */
  amount: number | 'another-currency' | 'not-understood';
  /** The only agency to whose routes it applies; empty is any. */
  agencyId: string;
  payment: 'on-board' | 'before' | undefined;
  /** The number of transfers that it includes; Infinity for any number. */
  transfers: number;
  /** The time for which the ticket is valid, if the feed has it. */
  seconds: number | undefined;
};

/** Where a fare applies; an empty field is anywhere. `contains` are all zones of the ride, no more and no fewer. */
export type FareRule = {
  routeId: string;
  origin: string;
  destination: string;
  contains: ReadonlySet<string>;
  fare: GtfsFare;
};

export type FareChoice =
  | { outcome: 'priced'; amount: number }
  | { outcome: 'none' }
  /** A fare that we do not sell applies here, or may apply. */
  | { outcome: 'unsold' }
  | { outcome: 'ambiguous'; fareIds: readonly string[] };

/** Chooses the fare of a ride of this many seconds among the rules that match it. */
export const chooseFare = (rules: readonly FareRule[], seconds: number): FareChoice => {
  if (rules.length === 0) return { outcome: 'none' };
  const fares = new Set(mostSpecific(rules).map(({ fare }) => fare));
  const ours = [...fares].filter((fare) => fare.amount !== 'another-currency' && lasts(fare, seconds));
  if (ours.length === 0 || ours.some(({ amount }) => amount === 'not-understood'))
    return { outcome: 'unsold' };
  const inAdvance = ours.filter(({ payment }) => payment === 'before');
  const rivals = (inAdvance.length > 0 ? inAdvance : ours).toSorted((a, b) => amountOf(a) - amountOf(b));
  const [cheapest, ...others] = rivals;
  if (!cheapest) return { outcome: 'unsold' };
  // Two prices for the same ride are for different passengers or different days: the feed has no column for either.
  const isClear = others.every((fare) => fare.amount === cheapest.amount || paysForMore(fare, cheapest));
  if (!isClear) return { outcome: 'ambiguous', fareIds: rivals.map(({ fareId }) => fareId).toSorted() };
  return { outcome: 'priced', amount: amountOf(cheapest) };
};

const amountOf = ({ amount }: GtfsFare): number => (typeof amount === 'number' ? amount : 0);

/**
 * A fare without transfers may limit the time of its ticket; with transfers, the limit applies up to the last transfer.
 */
const lasts = ({ transfers, seconds: valid }: GtfsFare, seconds: number): boolean =>
  transfers > 0 || valid === undefined || seconds <= valid;

const paysForMore = (a: GtfsFare, b: GtfsFare): boolean =>
  a.transfers > b.transfers || (a.seconds ?? Infinity) > (b.seconds ?? Infinity);

/** The rules that no other rule narrows further. */
const mostSpecific = (rules: readonly FareRule[]): readonly FareRule[] => {
  const conditions = new Set(rules.map(conditionsOf));
  return rules.filter((rule) => {
    const own = conditionsOf(rule);
    return ![...conditions].some((other) => other !== own && (other & own) === own);
  });
};

/** The filled fields of a rule, one bit each. */
const conditionsOf = ({ routeId, origin, destination, contains }: FareRule): number =>
  [routeId !== '', origin !== '', destination !== '', contains.size > 0].reduce(
    (bits, isFilled) => bits * 2 + Number(isFilled),
    0,
  );

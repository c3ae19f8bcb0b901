/*
 * GTFS Fares v1 as decisions: which fare a ride has, of all whose rules hold for it. The specification says nothing of
 * several; what is decided here is what a clerk would say without doubt, and else there is no fare.
 */

/** A fare of fare_attributes.txt. */
export type GtfsFare = {
  fareId: string;
  /**
   * In minor units of the carrier's currency; or why it is not sold. A fare in another currency may be one of ours in
   * other money; of a fare that is not understood, nobody knows what it says of the rides for which it holds.
   */
  amount: number | 'another-currency' | 'not-understood';
  /** The agency for whose routes alone it holds; empty is any. */
  agencyId: string;
  payment: 'on-board' | 'before' | undefined;
  /** How many transfers it pays for; Infinity for as many as one likes. */
  transfers: number;
  /** How long it pays for, where the feed says. */
  seconds: number | undefined;
};

/** Where a fare holds; an empty field is anywhere. `contains` are all zones of the ride, no more and no fewer. */
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
  /** A fare that is not sold holds here, or may hold. */
  | { outcome: 'unsold' }
  | { outcome: 'ambiguous'; fareIds: readonly string[] };

/** Chooses the fare of a ride that takes so many seconds among the rules that hold for it. */
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
  // Two prices for the same are for different passengers, or on different days: the feed has no column for either.
  const isClear = others.every((fare) => fare.amount === cheapest.amount || paysForMore(fare, cheapest));
  if (!isClear) return { outcome: 'ambiguous', fareIds: rivals.map(({ fareId }) => fareId).toSorted() };
  return { outcome: 'priced', amount: amountOf(cheapest) };
};

const amountOf = ({ amount }: GtfsFare): number => (typeof amount === 'number' ? amount : 0);

/** A fare without transfers may say for how long its ticket is valid; with transfers, that is until the last of them. */
const lasts = ({ transfers, seconds: valid }: GtfsFare, seconds: number): boolean =>
  transfers > 0 || valid === undefined || seconds <= valid;

const paysForMore = (a: GtfsFare, b: GtfsFare): boolean =>
  a.transfers > b.transfers || (a.seconds ?? Infinity) > (b.seconds ?? Infinity);

/** Those of the rules that no other one narrows further. */
const mostSpecific = (rules: readonly FareRule[]): readonly FareRule[] => {
  const conditions = new Set(rules.map(conditionsOf));
  return rules.filter((rule) => {
    const own = conditionsOf(rule);
    return ![...conditions].some((other) => other !== own && (other & own) === own);
  });
};

/** Which fields of a rule are filled, one bit each. */
const conditionsOf = ({ routeId, origin, destination, contains }: FareRule): number =>
  [routeId !== '', origin !== '', destination !== '', contains.size > 0].reduce(
    (bits, isFilled) => bits * 2 + Number(isFilled),
    0,
  );

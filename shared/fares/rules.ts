import type { Class, TripId } from '../platform/ids.ts';
import { money, sumMoney, type Money } from '../platform/money.ts';
import { any, type KilometreRate, type PairFares } from './model.ts';

/** The fare of a passenger who pays this share of the adult fare. Rounds half a minor unit and more up. */
export const fareFor = (percentOfAdult: number, adultFare: Money): Money =>
  money(Math.floor((adultFare.amount * percentOfAdult + 50) / 100), adultFare.currency);

/**
 * The total fare of a party; undefined if it is nothing, even after rounding. No provider accepts a payment of nothing,
 * so a passenger could hold such an order but never pay it.
 */
export const totalFare = (percentsOfAdult: readonly number[], adultFare: Money): Money | undefined => {
  const fares = percentsOfAdult.map((percent) => fareFor(percent, adultFare));
  const total = sumMoney(fares, adultFare.currency);
  return total.amount > 0 ? total : undefined;
};

/** A trip or class may have the name of a property that every object inherits. */
const own = <Value>(record: Readonly<Record<string, Value>> | undefined, key: string): Value | undefined =>
  record && Object.hasOwn(record, key) ? record[key] : undefined;

/**
 * The operator's adult fare for a pair of stops: for this trip and class, or else any trip and this class, or else this
 * trip and any class, or else any. `free` is a fare of nothing: such a ride is not on sale, at no other fare either.
 */
export const explicitFare = (
  fares: PairFares | undefined,
  tripId: TripId,
  wanted: Class,
): Money | 'free' | undefined => {
  if (!fares) return undefined;
  const { byTrip, currency } = fares;
  const [ofTrip, ofAnyTrip] = [own(byTrip, tripId), own(byTrip, any)];
  const amount = own(ofTrip, wanted) ?? own(ofAnyTrip, wanted) ?? own(ofTrip, any) ?? own(ofAnyTrip, any);
  if (amount === undefined) return undefined;
  return amount > 0 ? money(amount, currency) : 'free';
};

/**
 * The adult fare by distance, for stretches with a known distance: rounded to the nearest minor unit (half up), and
 * never free.
 */
export const fareByDistance = (
  rate: KilometreRate | undefined,
  metres: number | undefined,
  wanted: Class,
): Money | undefined => {
  if (!rate || metres === undefined) return undefined;
  const amount = Math.round((metres * rate.perKilometre * (own(rate.factors, wanted) ?? 1)) / 1000);
  return money(Math.max(1, amount), rate.currency);
};

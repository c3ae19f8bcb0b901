import type { Class, TripId } from '../platform/ids.ts';
import { money, sumMoney, type Money } from '../platform/money.ts';
import { any, type KilometreRate, type PairFares } from './model.ts';

/** What each type of passenger pays, in per cent of the adult fare. Students' reductions vary; this is China's 75 %. */
export const percentOfAdult = { adult: 100, child: 50, student: 75, senior: 100 } as const;
export type FareType = keyof typeof percentOfAdult;

/** The fare of one passenger. Half a minor unit and more is rounded up. */
export const fareFor = (type: FareType, adultFare: Money): Money =>
  money(Math.floor((adultFare.amount * percentOfAdult[type] + 50) / 100), adultFare.currency);

/**
 * What a party pays together; undefined where that is nothing, also by rounding. No provider takes a payment of nothing,
 * so such an order could be held and never paid.
 */
export const totalFare = (types: readonly FareType[], adultFare: Money): Money | undefined => {
  const fares = types.map((type) => fareFor(type, adultFare));
  const total = sumMoney(fares, adultFare.currency);
  return total.amount > 0 ? total : undefined;
};

/** A trip or class may be called like something every object inherits. */
const own = <Value>(record: Readonly<Record<string, Value>> | undefined, key: string): Value | undefined =>
  record && Object.hasOwn(record, key) ? record[key] : undefined;

/**
 * The adult fare of a pair of stops that the operator set: for this trip and class, else any trip and this class, else
 * this trip and any class, else any. A fare of nothing is none: it is not sold.
 */
export const explicitFare = (
  fares: PairFares | undefined,
  tripId: TripId,
  wanted: Class,
): Money | undefined => {
  if (!fares) return undefined;
  const { byTrip, currency } = fares;
  const [ofTrip, ofAnyTrip] = [own(byTrip, tripId), own(byTrip, any)];
  const amount = own(ofTrip, wanted) ?? own(ofAnyTrip, wanted) ?? own(ofTrip, any) ?? own(ofAnyTrip, any);
  return amount ? money(amount, currency) : undefined;
};

/**
 * The adult fare by distance, for stretches that have a distance: rounded to the nearest minor unit (half up), and
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

import { fareFor, totalFare } from '../fares/rules.ts';
import { percentOf, passengerTypeOf, type Carrier } from '../platform/carrier.ts';
import { serviceDateSchema, type Class } from '../platform/ids.ts';
import type { Money } from '../platform/money.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { companyLacking } from '../platform/passenger-types.ts';

type Types = Pick<Carrier, 'passengerTypes'>;

export type PartyTypesRefusal = 'unknown-passenger-type' | 'unaccompanied' | 'too-few-companions';

/** Whether passengers of these types may travel together, as far as types tell it: documents and ages are an order's. */
export const decideTypes = (party: readonly string[], carrier: Types): Outcome<object, PartyTypesRefusal> => {
  for (const [index, type] of party.entries()) {
    const terms = passengerTypeOf(carrier, type);
    if (!terms) return rejected('unknown-passenger-type');
    const lacking = companyLacking(terms, party.slice(0, index), party);
    if (lacking) return rejected(lacking);
  }
  return accepted({});
};

/** The number of seats that a party needs: some sit on laps. */
export const seatsFor = (party: readonly string[], carrier: Types): number =>
  party.filter((type) => !passengerTypeOf(carrier, type)?.withoutSeat).length;

/** What each type pays and what all pay together; null where nobody can buy it for them. */
type Priced = { fares: { type: string; fare: Money }[] | null; total: Money | null };

/** The fares of a party in a class, on the date of departure where it boards. No order can cost nothing. */
const priceOf = (
  adultFare: Money | null,
  ride: { class: Class; day: string },
  { party, carrier }: { party: readonly string[]; carrier: Types },
): Priced => {
  if (!adultFare) return { fares: null, total: null };
  const day = serviceDateSchema.parse(ride.day);
  const percentFor = (type: string): number => percentOf(carrier, type, { class: ride.class, day });
  const total = totalFare(party.map(percentFor), adultFare);
  if (!total) return { fares: null, total: null };
  const types = [...new Set(party)];
  return { fares: types.map((type) => ({ type, fare: fareFor(percentFor(type), adultFare) })), total };
};

type Journey = { from: { departs: string }; classes: { class: Class; fare: Money | null }[] };

/** The journeys with what passengers of these types pay in each class. */
export const priceParty = <Each extends Journey>(
  journeys: readonly Each[],
  party: readonly string[],
  carrier: Types,
): (Omit<Each, 'classes'> & { classes: (Each['classes'][number] & Priced)[] })[] =>
  journeys.map((journey) => ({
    ...journey,
    classes: journey.classes.map((each) => ({
      ...each,
      // The time has the zone of the stop, so its date is the one on the passenger's calendar.
      ...priceOf(
        each.fare,
        { class: each.class, day: journey.from.departs.slice(0, 10) },
        { party, carrier },
      ),
    })),
  }));

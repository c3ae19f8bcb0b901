import { fareFor } from '../fares/rules.ts';
import { percentOf, type Carrier } from '../platform/carrier.ts';
import { sumMoney, type Money } from '../platform/money.ts';
import type { RideTerms } from '../platform/passenger-types.ts';

type Typed = { type: string; onLap?: readonly { type: string }[] | undefined };

/** What a passenger pays for a ride, with those on their lap: each share is rounded by itself. */
export const fareOfPassenger = (
  { type, onLap = [] }: Typed,
  ride: RideTerms,
  adultFare: Money,
  carrier: Pick<Carrier, 'passengerTypes'>,
): Money =>
  sumMoney(
    [type, ...onLap.map((person) => person.type)].map((each) =>
      fareFor(percentOf(carrier, each, ride), adultFare),
    ),
    adultFare.currency,
  );

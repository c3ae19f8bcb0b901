import type { PlantedFault } from './model.ts';

const world = ['--families'] as const;

/** What keeps people on laps from travelling twice, their data from staying, and marked seats for who needs them. */
export const partyFaults: readonly PlantedFault[] = [
  {
    name: 'T2: people on laps claim no time',
    file: 'shared/paying/claims-of.ts',
    code: 'peopleOf(passenger).flatMap(({ documentClaim: claim }) =>',
    becomes: 'peopleOf(passenger).slice(0, 1).flatMap(({ documentClaim: claim }) =>',
    world,
  },
  {
    name: 'people on laps keep their names',
    file: 'shared/orders/retention.ts',
    code: 'export const strippedPassenger = ({ nameMasked, type }: Passenger): Passenger => ({',
    becomes:
      'export const strippedPassenger = ({ nameMasked, type, onLap }: Passenger): Passenger => ({ ...(onLap && { onLap }),',
    world,
  },
  {
    name: 'people on laps pay nothing',
    file: 'shared/selling/fare-of-passenger.ts',
    code: '[type, ...onLap.map((person) => person.type)].map((each) =>',
    becomes: '[type, ...onLap.slice(9).map((person) => person.type)].map((each) =>',
    test: 'tests/integration/on-laps.test.ts',
  },
  {
    name: 'marked seats are sold like any other',
    file: 'shared/inventory/choose-seats.ts',
    code: 'if (seat.special && !wishes.specialNeeds && !mayTakeSpecial) return [];',
    becomes: 'if (seat.special && wishes.specialNeeds === 0 && !mayTakeSpecial) return [];',
    test: 'tests/unit/inventory/special-seats.test.ts',
  },
  {
    name: 'a party that has its marked seats looks for more',
    file: 'shared/inventory/hold-seats.ts',
    code: 'const needed = Math.min(specialNeeds - had, party - held.length);',
    becomes: 'const needed = Math.min(specialNeeds, party - held.length + had * 0);',
    test: 'tests/integration/seating.test.ts',
  },
];

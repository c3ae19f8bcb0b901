import type { Carrier } from '../../shared/platform/carrier.ts';

type Passport = { kind: 'passport'; number: string; country: string };
export type DemoPassenger = { name: string; type: string; document?: Passport; onLap?: DemoPassenger[] };

const givenNames = ['Ana', 'Bo', 'Chidi', 'Dana', 'Emil', 'Fatima', 'Goran', 'Hana', 'Ivo', 'Jun'];
const familyNames = ['Abe', 'Berg', 'Costa', 'Diallo', 'Eze', 'Fischer', 'Garcia', 'Haddad', 'Ito', 'Jansen'];

const nameOf = (number: number): string =>
  `${givenNames[number % givenNames.length]} ${familyNames[Math.floor(number / givenNames.length) % familyNames.length]}`;

/** A made-up passport; the United Nations issue no such numbers (ICAO 9303-3, part D). */
const passportOf = (number: number): Passport => ({
  kind: 'passport',
  number: `D${String(number).padStart(8, '0')}`,
  country: 'UNO',
});

/** Somebody with a document. No two numbers have the same. */
export const passenger = (number: number): DemoPassenger & { document: Passport } => ({
  name: nameOf(number),
  type: 'adult',
  document: passportOf(number),
});

/**
 * Makes up people to whom the carrier sells a seat each: of a type that may travel alone, with a passport if they need a
 * document. Undefined if the carrier needs a document of another kind.
 */
export const passengersOf = ({
  documents: { need, kinds },
  passengerTypes,
}: Pick<Carrier, 'documents' | 'passengerTypes'>): ((number: number) => DemoPassenger) | undefined => {
  const alone = passengerTypes.filter(({ onlyWith, percentOfAdult }) => !onlyWith && percentOfAdult > 0);
  const type = (alone.find(({ ages }) => !ages) ?? alone[0])?.type;
  if (type === undefined || (need === 'required' && !kinds.includes('passport'))) return undefined;
  return (number) => ({
    name: nameOf(number),
    type,
    ...(need === 'required' && { document: passportOf(number) }),
  });
};

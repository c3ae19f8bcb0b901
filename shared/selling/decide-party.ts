import { passengerTypeOf, type Carrier } from '../platform/carrier.ts';
import type { ServiceDate } from '../platform/ids.ts';
import { ageOn, companyLacking, isOfAge, mayHold, type PassengerType } from '../platform/passenger-types.ts';
import { spokenLocale } from '../platform/locales.ts';
import { birthDateOf, type Document } from '../users/document.ts';
import type { OrderRequest } from './draft-order.ts';
import { rejected, type Rejected } from '../platform/outcome.ts';
import type { PartyRefusal } from './rules.ts';

type Terms = Pick<Carrier, 'documents' | 'passengerTypes' | 'locales'>;

const refusalOfDocument = (document: Document | undefined, { need, kinds }: Terms['documents']) => {
  if (!document) return need === 'required' ? 'document-missing' : undefined;
  if (need === 'not-asked') return 'document-not-asked';
  return kinds.includes(document.kind) ? undefined : 'document-kind-not-taken';
};

type Person = Omit<OrderRequest['passengers'][number], 'onLap'>;

/** Everybody who travels: those with seats, and those on their laps. */
export const peopleIn = ({ passengers }: Pick<OrderRequest, 'passengers'>): Person[] =>
  passengers.flatMap(({ onLap = [], ...passenger }) => [passenger, ...onLap]);

/** Why the carrier does not sell to one person, whoever else travels. */
const refusalOfPerson = (
  { document }: Pick<Person, 'document'>,
  terms: PassengerType,
  { documents }: Terms,
  day: ServiceDate,
): PartyRefusal | undefined => {
  const refusal = refusalOfDocument(document, documents);
  if (refusal || !terms.ages) return refusal;
  const birthDate = document && birthDateOf(document);
  if (!birthDate) return terms.agesByDocument ? 'age-not-proven' : undefined;
  return isOfAge(terms.ages, ageOn(day, birthDate)) ? undefined : 'age-not-of-type';
};

/** `onLap`: the index of the person on the passenger's lap who is to blame. */
type Blamed = { reason: PartyRefusal; onLap?: number };

const refusalOnLap = (
  { type, onLap = [] }: OrderRequest['passengers'][number],
  carrier: Terms,
  day: ServiceDate,
): Blamed | undefined => {
  const held = onLap.map((person) => passengerTypeOf(carrier, person.type));
  const unknown = held.indexOf(undefined);
  if (unknown >= 0) return { reason: 'unknown-passenger-type', onLap: unknown };
  const known = held.filter((terms) => terms !== undefined);
  if (!mayHold(type, known)) return { reason: 'not-on-lap' };
  return onLap
    .map((person, index): Blamed | undefined => {
      const terms = known[index];
      const reason = terms && refusalOfPerson(person, terms, carrier, day);
      return reason && { reason, onLap: index };
    })
    .find((refusal) => refusal !== undefined);
};

const refusalOfPassenger = (
  index: number,
  { passengers }: Pick<OrderRequest, 'passengers'>,
  carrier: Terms,
  day: ServiceDate,
): Blamed | undefined => {
  const passenger = passengers[index];
  const terms = passenger && passengerTypeOf(carrier, passenger.type);
  if (!terms) return { reason: 'unknown-passenger-type' };
  if (terms.withoutSeat) return { reason: 'has-no-seat' };
  const party = passengers.map(({ type }) => type);
  const reason =
    companyLacking(terms, party.slice(0, index), party) ?? refusalOfPerson(passenger, terms, carrier, day);
  return reason ? { reason } : refusalOnLap(passenger, carrier, day);
};

/** A refusal because of one passenger, or of somebody on their lap, by index. */
type PartyRejected = Rejected<PartyRefusal> & { passenger: number | undefined; onLap?: number };

/**
 * Why the carrier does not sell to these passengers, who board on `day`, and which passenger is to blame; undefined if
 * it sells. An age is checked only if the document tells the date of birth: otherwise the mail shows the passenger type,
 * and the crew checks, unless the type needs such a document.
 */
export const refusalOfParty = (
  request: Pick<OrderRequest, 'passengers' | 'contact'>,
  carrier: Terms,
  day: ServiceDate,
): PartyRejected | undefined => {
  const { locale } = request.contact;
  if (locale && !spokenLocale(locale, carrier.locales))
    return { ...rejected('unknown-locale'), passenger: undefined };
  return request.passengers
    .map((_, index): PartyRejected | undefined => {
      const refusal = refusalOfPassenger(index, request, carrier, day);
      if (!refusal) return undefined;
      const { reason, ...more } = refusal;
      return { ...rejected(reason), passenger: index, ...more };
    })
    .find((refusal) => refusal !== undefined);
};

const indexIn = (refusal: object, name: 'passenger' | 'onLap'): number | undefined => {
  const index = (refusal as Record<string, unknown>)[name];
  return typeof index === 'number' ? index : undefined;
};

/** Whom a refusal blames, as part of a field's path: `[0]`, `[0].onLap[1]`; `[]` if it blames nobody. */
export const blamedPath = (refusal: object): string => {
  const onLap = indexIn(refusal, 'onLap');
  return `[${indexIn(refusal, 'passenger') ?? ''}]${onLap === undefined ? '' : `.onLap[${onLap}]`}`;
};

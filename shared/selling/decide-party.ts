import { passengerTypeOf, type Carrier, type PassengerType } from '../platform/carrier.ts';
import type { ServiceDate } from '../platform/ids.ts';
import { spokenLocale } from '../platform/locales.ts';
import { birthDateOf, type Document } from '../users/document.ts';
import type { OrderRequest } from './draft-order.ts';
import { rejected, type Rejected } from '../platform/outcome.ts';
import type { PartyRefusal } from './rules.ts';

type Terms = Pick<Carrier, 'documents' | 'passengerTypes' | 'locales'>;
type Passenger = OrderRequest['passengers'][number];

const refusalOfDocument = (document: Document | undefined, { need, kinds }: Terms['documents']) => {
  if (!document) return need === 'required' ? 'document-missing' : undefined;
  if (need === 'not-asked') return 'document-not-asked';
  return kinds.includes(document.kind) ? undefined : 'document-kind-not-taken';
};

/** The age in whole years on a day. A person born on 29 February turns a year older on 1 March. */
const ageOn = (day: string, birthDate: string): number =>
  Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4)) - Number(day.slice(5) < birthDate.slice(5));

const isOfAge = ({ from = 0, to = Infinity }: NonNullable<PassengerType['ages']>, age: number): boolean =>
  age >= from && age <= to;

const refusalOfPassenger = (
  { type, document }: Passenger,
  { passengers }: Pick<OrderRequest, 'passengers'>,
  carrier: Terms,
  day: ServiceDate,
): PartyRefusal | undefined => {
  const terms = passengerTypeOf(carrier, type);
  if (!terms) return 'unknown-passenger-type';
  const { onlyWith, ages } = terms;
  if (onlyWith && !passengers.some((other) => onlyWith.includes(other.type))) return 'unaccompanied';
  const refusal = refusalOfDocument(document, carrier.documents);
  if (refusal) return refusal;
  const birthDate = document && birthDateOf(document);
  return ages && birthDate && !isOfAge(ages, ageOn(day, birthDate)) ? 'age-not-of-type' : undefined;
};

/** A refusal because of one passenger, by index. */
type PartyRejected = Rejected<PartyRefusal> & { passenger: number | undefined };

/**
 * Why the carrier does not sell to these passengers, who board on `day`, and which passenger is to blame; undefined if
 * it sells. An age is checked only if the document tells the date of birth: otherwise the mail shows the passenger type,
 * and the crew checks.
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
    .map((passenger, index): PartyRejected | undefined => {
      const reason = refusalOfPassenger(passenger, request, carrier, day);
      return reason && { ...rejected(reason), passenger: index };
    })
    .find((refusal) => refusal !== undefined);
};

/** The index of the passenger whom a refusal blames; undefined if it blames none. */
export const blamedPassenger = (refusal: object): number | undefined =>
  'passenger' in refusal && typeof refusal.passenger === 'number' ? refusal.passenger : undefined;

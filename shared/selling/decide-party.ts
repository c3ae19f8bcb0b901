import { passengerTypeOf, type Carrier } from '../platform/carrier.ts';
import type { ServiceDate } from '../platform/ids.ts';
import { ageOn, companyLacking, isOfAge } from '../platform/passenger-types.ts';
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

const refusalOfPassenger = (
  index: number,
  { passengers }: Pick<OrderRequest, 'passengers'>,
  carrier: Terms,
  day: ServiceDate,
): PartyRefusal | undefined => {
  const { type, document } = passengers[index] ?? {};
  const terms = type === undefined ? undefined : passengerTypeOf(carrier, type);
  if (!terms) return 'unknown-passenger-type';
  const party = passengers.map((passenger) => passenger.type);
  const refusal =
    companyLacking(terms, party.slice(0, index), party) ?? refusalOfDocument(document, carrier.documents);
  if (refusal || !terms.ages) return refusal;
  const birthDate = document && birthDateOf(document);
  if (!birthDate) return terms.agesByDocument ? 'age-not-proven' : undefined;
  return isOfAge(terms.ages, ageOn(day, birthDate)) ? undefined : 'age-not-of-type';
};

/** A refusal because of one passenger, by index. */
type PartyRejected = Rejected<PartyRefusal> & { passenger: number | undefined };

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
      const reason = refusalOfPassenger(index, request, carrier, day);
      return reason && { ...rejected(reason), passenger: index };
    })
    .find((refusal) => refusal !== undefined);
};

/** The index of the passenger whom a refusal blames; undefined if it blames none. */
export const blamedPassenger = (refusal: object): number | undefined =>
  'passenger' in refusal && typeof refusal.passenger === 'number' ? refusal.passenger : undefined;

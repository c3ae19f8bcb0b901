import * as z from 'zod';
import { classSchema, type Class, type ServiceDate } from './ids.ts';
import { inLocalesSchema } from './in-locales.ts';

/** A day of every year; 29 February is one too. */
const monthDaySchema = z
  .string()
  .regex(
    /^(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|[12]\d))$/,
    'must be a month and a day, such as 06-01',
  );

/** Days of every year, both included. A period that ends before it begins goes on into the next year. */
const periodSchema = z.strictObject({ from: monthDaySchema, to: monthDaySchema });
type Period = z.infer<typeof periodSchema>;

const reducedInSchema = z.strictObject({
  classes: z.array(classSchema).min(1).max(20).optional(),
  /** By the date of departure, as the clock shows it where the passenger boards. */
  dates: z.array(periodSchema).min(1).max(10).optional(),
});

/** A type of passenger: its share of the adult fare, and its terms. */
export const passengerTypeSchema = z.strictObject({
  type: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be small letters, digits and hyphens, such as young-adult'),
  name: inLocalesSchema,
  percentOfAdult: z.int().min(0).max(100),
  /** Where the share counts; elsewhere such a passenger pays the adult fare. Without it, it counts everywhere. */
  reducedIn: reducedInSchema.optional(),
  /** Whole years on the day of departure, both included. An order checks them if the document tells the date of birth. */
  ages: z
    .strictObject({ from: z.int().min(0).max(120).optional(), to: z.int().min(0).max(120).optional() })
    .optional(),
  /** The order is refused unless a document tells the date of birth. */
  agesByDocument: z.literal(true).optional(),
  /** The order must also have a passenger of one of these types. */
  onlyWith: z.array(z.string()).min(1).optional(),
  /** Has no seat: travels on the lap of a passenger of `onlyWith`. */
  withoutSeat: z.literal(true).optional(),
  /** How many of this type may travel with each passenger of `onlyWith`; any number without it, and one without a seat. */
  perCompanion: z.int().min(1).max(8).optional(),
  /** What such a passenger must bring; the API and the mails say it. */
  note: inLocalesSchema.optional(),
});
export type PassengerType = z.infer<typeof passengerTypeSchema>;

const isWithin = (day: ServiceDate, { from, to }: Period): boolean => {
  const monthDay = day.slice(5);
  return from <= to ? monthDay >= from && monthDay <= to : monthDay >= from || monthDay <= to;
};

/** A journey, as far as it decides about the share of a fare: the class, and the date of departure where one boards. */
export type RideTerms = { class: Class; day: ServiceDate };

/** The share of the adult fare that a passenger of this type pays for a ride, in per cent. */
export const percentFor = (
  { percentOfAdult, reducedIn }: Pick<PassengerType, 'percentOfAdult' | 'reducedIn'>,
  ride: RideTerms,
): number => {
  const { classes, dates } = reducedIn ?? {};
  const isReduced =
    (classes?.includes(ride.class) ?? true) && (dates?.some((period) => isWithin(ride.day, period)) ?? true);
  return isReduced ? percentOfAdult : 100;
};

/** The age in whole years on a day. A person born on 29 February turns a year older on 1 March. */
export const ageOn = (day: ServiceDate, birthDate: string): number =>
  Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4)) - Number(day.slice(5) < birthDate.slice(5));

export const isOfAge = (
  { from = 0, to = Infinity }: NonNullable<PassengerType['ages']>,
  age: number,
): boolean => age >= from && age <= to;

type Companions = Pick<PassengerType, 'type' | 'onlyWith' | 'perCompanion' | 'withoutSeat'>;

/** How many passengers of this type one companion may have. */
const mostFor = ({ perCompanion, withoutSeat }: Companions): number =>
  perCompanion ?? (withoutSeat ? 1 : Infinity);

/** Whether people of these types may sit on the lap of a passenger of type `holder`. */
export const mayHold = (holder: string, onLap: readonly Companions[]): boolean =>
  onLap.every(
    (terms) =>
      terms.withoutSeat &&
      terms.onlyWith?.includes(holder) &&
      onLap.filter(({ type }) => type === terms.type).length <= mostFor(terms),
  );

/**
 * What a passenger lacks in a party, given the types before them and of all: `unaccompanied` if nobody of `onlyWith`
 * travels along, `too-few-companions` if each of them has as many of this type already.
 */
export const companyLacking = (
  terms: Companions,
  before: readonly string[],
  party: readonly string[],
): 'unaccompanied' | 'too-few-companions' | undefined => {
  const { type, onlyWith } = terms;
  if (!onlyWith) return undefined;
  const companions = party.filter((other) => onlyWith.includes(other)).length;
  if (companions === 0) return 'unaccompanied';
  const already = before.filter((other) => other === type).length;
  return already >= companions * mostFor(terms) ? 'too-few-companions' : undefined;
};

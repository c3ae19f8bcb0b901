import * as z from 'zod';
import { afterSaleRulesSchema } from './after-sale/rules.ts';
import { inLocalesSchema, type InLocales } from './in-locales.ts';
import { currencySchema } from './money.ts';
import { localeSchema, spokenLocale, type Locale } from './locales.ts';
import { closingAskedSeconds } from './limits.ts';
import { passengerTypeSchema, percentFor, type PassengerType, type RideTerms } from './passenger-types.ts';

/** A limit that a carrier may switch off. */
const limitSchema = z.union([z.int().positive(), z.literal('unlimited')], {
  error: 'must be a whole number above 0, or "unlimited"',
});
export type Limit = z.infer<typeof limitSchema>;

/** How passengers reach the carrier, in one language. The foot of every mail shows each line. */
const contactSchema = z.strictObject({
  postal: z.string().trim().min(1).max(200).optional(),
  email: z.email().optional(),
  phone: z
    .string()
    .regex(/^\+?[0-9][0-9 ()/-]{2,30}$/, 'must be a telephone number such as +49 30 1234567')
    .optional(),
  url: z
    .url({ protocol: /^https?$/, error: 'must be a web address such as https://example.com/help' })
    .optional(),
});

const alternativesSchema = z.strictObject({
  /** The shortest time between two runs of a connection, at stops of which the timetable says nothing. */
  transferSecondsMin: z.int().min(0).max(86_400).optional(),
  /** Whether a passenger may buy a seat to a stop beyond their own, where there is no fare to their own. */
  buyLonger: z.boolean().optional(),
  /** Whether passengers may buy one stretch with a change of seats at a stop on the way. */
  seatChange: z.boolean().optional(),
});

/**
 * The settings in which carriers differ, as data; each deployment serves one carrier. The end of a name states the unit
 * of a duration. docs/how-to/carrier-profile.md explains each field.
 */
export const profileFields = {
  name: inLocalesSchema,
  currency: currencySchema,
  timeZone: z.string(),
  /** The languages for passengers, with the regional form of dates and amounts, and the one for who names none. */
  locales: z.array(localeSchema).min(1),
  defaultLocale: localeSchema,
  documents: z.strictObject({
    need: z.enum(['required', 'optional', 'not-asked']),
    kinds: z.array(z.string()),
  }),
  passengerTypes: z.array(passengerTypeSchema).min(1).max(20),
  contact: z.record(localeSchema, contactSchema).optional(),
  /** The colour of the carrier's name in mails, as `#rrggbb`. */
  colour: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'must be a colour such as #0b5cad')
    .optional(),
  /** How long an unpaid order keeps its seats, and how long if the run departs soon. */
  holdSeconds: z.int().positive(),
  holdSecondsWhenSoon: z.int().positive(),
  soonSeconds: z.int().positive(),
  /** The sale from a stop, and every hold from there, ends this long before the run departs from that stop. */
  saleClosesSeconds: z.int().nonnegative(),
  /**
   * The shortest hold worth offering: enough time to choose a way to pay, and to pay. The last orders come before that.
   */
  holdSecondsMin: z.int().positive(),
  /** A payment cannot start when less than this remains of the hold. */
  paymentNeedsSeconds: z.int().nonnegative(),
  /** If a provider stays silent, the order keeps its seats no longer than this after the deadline. */
  closingGraceSeconds: z.int().positive(),
  /** The number of unpaid orders that a user may have at once. */
  openOrdersMax: limitSchema,
  /** After this many of a user's orders were cancelled or expired in a day, the user can hold no more that day. */
  endedOrdersPerDayMax: limitSchema,
  /** The number of seats that a user may have on one run, paid or not. */
  seatsPerRunMax: limitSchema,
  /**
   * After this many refusals in a day because a passenger already travels at that time, the user learns nothing more
   * that day.
   */
  timeConflictsPerDayMax: limitSchema,
  salesOpenDays: z.int().positive(),
  /** What the search may offer when a seat is gone, beside other classes and later runs. */
  alternatives: alternativesSchema.optional(),
  /** Names, documents and the contact of an order are removed this long after its arrival. */
  personalDataKeptDays: z.int().positive(),
  /** The rest of an order, with its payments, refunds and tickets, is kept this long after its arrival. */
  ordersKeptYears: z.int().positive(),
  /** Journal entries are kept this long after the end of their year. */
  booksKeptYears: z.int().positive(),
};

/** A carrier as functions know it: its profile, with the texts and the logo of its folder. */
export const carrierSchema = z.object({
  /** The name of its folder, such as `eu-coach`. */
  carrierId: z.string(),
  ...profileFields,
  /** Absent for a carrier that lets no passenger give a ticket back. */
  afterSale: afterSaleRulesSchema.optional(),
  /** Locale → key → text. They replace ours. */
  texts: z.record(localeSchema, z.record(z.string(), z.string())).optional(),
  /** A PNG, as base64. */
  logo: z.string().optional(),
});
export type Carrier = z.infer<typeof carrierSchema>;

type Rule = {
  /** Numbers of the profile. The fault names the first: it is the one to change. */
  fields: readonly (keyof Carrier)[];
  holds: (first: number, ...others: number[]) => boolean;
  message: string;
};

const tooLongToAsk = `with closingGraceSeconds at most ${closingAskedSeconds}: no provider is asked about a payment for longer`;
const isAsked = (hold: number, grace = 0): boolean => hold + grace <= closingAskedSeconds;

const goTogether: readonly Rule[] = [
  {
    fields: ['holdSecondsMin', 'paymentNeedsSeconds'],
    holds: (shortest, needed = 0) => shortest >= needed,
    message:
      'must be at least paymentNeedsSeconds: the shortest hold must leave the time that a payment needs',
  },
  { fields: ['holdSeconds', 'closingGraceSeconds'], holds: isAsked, message: tooLongToAsk },
  { fields: ['holdSecondsWhenSoon', 'closingGraceSeconds'], holds: isAsked, message: tooLongToAsk },
  {
    fields: ['personalDataKeptDays', 'ordersKeptYears'],
    holds: (days, years = 0) => days < years * 365,
    message: 'must be less than ordersKeptYears: personal data must end before its order',
  },
  {
    fields: ['booksKeptYears', 'ordersKeptYears'],
    holds: (books, orders = 0) => books >= orders,
    message: 'must be at least ordersKeptYears: the books must be kept for as long as the orders in them',
  },
];

const isNumber = (value: unknown): value is number => typeof value === 'number';

/** The durations that do not fit together: the one to change, and why. Ignores values that are not numbers. */
export const durationFaults = (
  profile: Readonly<Record<string, unknown>>,
): { path: string; message: string }[] =>
  goTogether.flatMap(({ fields, holds, message }) => {
    const [first, ...others] = fields.map((field) => profile[field]);
    const isBroken = isNumber(first) && others.every(isNumber) && !holds(first, ...others);
    return isBroken ? [{ path: String(fields[0]), message }] : [];
  });

/** A text in this language, or in the carrier's default language if it has none. */
export const inLocale = (
  texts: InLocales,
  locale: Locale,
  { defaultLocale }: Pick<Carrier, 'defaultLocale'>,
): string => ofLocale(texts, locale) ?? texts[defaultLocale] ?? '';

/** What stands under this locale, or under another of the same language: an order may be older than the profile. */
export const ofLocale = <Value>(
  values: Readonly<Record<Locale, Value>>,
  locale: Locale,
): Value | undefined => {
  const spoken = spokenLocale(locale, Object.keys(values));
  return spoken === undefined ? undefined : values[spoken];
};

/** The terms of a passenger type; undefined if the carrier does not sell it. */
export const passengerTypeOf = (
  { passengerTypes }: Pick<Carrier, 'passengerTypes'>,
  type: string,
): PassengerType | undefined => passengerTypes.find((each) => each.type === type);

/**
 * The share of the adult fare that a passenger of this type pays for a ride, in per cent. Throws for a type that is not
 * sold.
 */
export const percentOf = (
  carrier: Pick<Carrier, 'passengerTypes'>,
  type: string,
  ride: RideTerms,
): number => {
  const terms = passengerTypeOf(carrier, type);
  if (!terms) throw new Error(`the carrier has no passenger type ${type}`);
  return percentFor(terms, ride);
};

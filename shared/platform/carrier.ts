import * as z from 'zod';
import { currencySchema } from './money.ts';
import { environment } from './config.ts';
import { closingAskedSeconds } from './limits.ts';

/** A limit that a carrier may switch off. */
const limitSchema = z.union([z.int().positive(), z.literal('unlimited')]);
export type Limit = z.infer<typeof limitSchema>;

/**
 * The settings in which carriers differ, as data; each deployment serves one carrier. The end of a name states the unit
 * of a duration. Sources of the defaults: docs/how-to/carrier-profile.md.
 */
export const carrierSchema = z.object({
  name: z.record(z.enum(['en', 'zh-CN']), z.string()),
  currency: currencySchema,
  timeZone: z.string(),
  locale: z.enum(['en', 'zh-CN']),
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
  documentRequired: z.boolean(),
  salesOpenDays: z.int().positive(),
  /** Names, documents and the contact of an order are removed this long after its arrival. */
  personalDataKeptDays: z.int().positive(),
  /** The rest of an order, with its payments, refunds and tickets, is kept this long after its arrival. */
  ordersKeptYears: z.int().positive(),
  /** Journal entries are kept this long after the end of their year. */
  booksKeptYears: z.int().positive(),
});
export type Carrier = z.infer<typeof carrierSchema>;

/** Mainland Chinese rail. */
const cnRail: Carrier = {
  name: { en: 'Keyun Rail', 'zh-CN': '客运铁路' },
  currency: 'CNY',
  timeZone: 'Asia/Shanghai',
  locale: 'zh-CN',
  holdSeconds: 15 * 60,
  holdSecondsWhenSoon: 10 * 60,
  soonSeconds: 2 * 60 * 60,
  saleClosesSeconds: 5 * 60,
  holdSecondsMin: 3 * 60,
  paymentNeedsSeconds: 90,
  closingGraceSeconds: 5 * 60,
  openOrdersMax: 10,
  endedOrdersPerDayMax: 3,
  seatsPerRunMax: 18,
  timeConflictsPerDayMax: 5,
  documentRequired: true,
  salesOpenDays: 15,
  personalDataKeptDays: 30,
  ordersKeptYears: 3,
  booksKeptYears: 30,
};

/** Profiles whose fields also fit together. */
export const profileSchema = carrierSchema
  .refine(
    ({ holdSecondsMin, paymentNeedsSeconds }) => holdSecondsMin >= paymentNeedsSeconds,
    'the shortest hold must leave the time that a payment needs',
  )
  .refine(
    ({ holdSeconds, holdSecondsWhenSoon, closingGraceSeconds }) =>
      Math.max(holdSeconds, holdSecondsWhenSoon) + closingGraceSeconds <= closingAskedSeconds,
    'a hold and its grace must be over before the workflow stops asking the provider',
  )
  .refine(
    ({ personalDataKeptDays, ordersKeptYears }) => personalDataKeptDays < ordersKeptYears * 365,
    'personal data must end before the order that it belongs to',
  )
  .refine(
    ({ ordersKeptYears, booksKeptYears }) => ordersKeptYears <= booksKeptYears,
    'the books must be kept for as long as the orders in them',
  );

const carriers: Readonly<Record<string, Carrier>> = { 'cn-rail': profileSchema.parse(cnRail) };

/** The profile of this deployment; `KEYUN_CARRIER` names it. */
export const carrier = (): Carrier => {
  const name = environment().KEYUN_CARRIER;
  const found = carriers[name];
  if (!found) throw new Error(`there is no carrier profile ${name}`);
  return found;
};

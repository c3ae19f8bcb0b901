import * as z from 'zod';
import { attentionSchema, handledSchema } from '../bookings/attention.ts';
import { providerSchema } from '../payments/model.ts';
import { serviceDateSchema } from '../platform/ids.ts';
import { moneySchema } from '../platform/money.ts';
import { instantSchema } from '../platform/time.ts';

/**
 * What can differ between a provider's bill and our books. `missing-here`: the bill moves money that we have not booked.
 * `missing-there`: we booked money for that day, and the bill does not have it. `state`: we booked it, and the bill says
 * that it is not done. `twice`: the bill has it twice. `unknown-number`: the number looks like ours, and nothing has it.
 * `costs`: the bill has other costs than those that we booked.
 */
export const differenceClasses = [
  'missing-here',
  'missing-there',
  'amount',
  'currency',
  'state',
  'twice',
  'unknown-number',
  'costs',
] as const;
export type DifferenceClass = (typeof differenceClasses)[number];

/** The kinds of things that are compared. */
const comparedSchema = z.enum(['payment', 'refund', 'costs']);

/** A difference as one run finds it. */
export const findingSchema = z.object({
  class: z.enum(differenceClasses),
  of: comparedSchema,
  /** The number of our payment or refund; the provider's number of a movement without one of ours. */
  number: z.string(),
  ours: moneySchema.optional(),
  theirs: moneySchema.optional(),
  /** What is known of it and what was done, in words for a person; nothing personal. */
  why: z.string(),
  /** Whether this run has booked it as the rules allow. */
  repaired: z.literal(true).optional(),
});
export type Finding = z.infer<typeof findingSchema>;

/**
 * What we booked on the day of a bill, and the provider moved before that day, between two instants: it is `finding`, unless a
 * bill of that time has it.
 */
export const elsewhereSchema = z.object({
  finding: findingSchema,
  from: instantSchema,
  until: instantSchema,
});
export type Elsewhere = z.infer<typeof elsewhereSchema>;

/**
 * A difference as it is remembered. `open`: it still needs a person. `repaired`: we booked it as the rules allow. `gone`:
 * a later run did not find it any more. Whether a person has settled an open one follows from its report.
 */
export const differenceSchema = z.object({
  class: z.enum(differenceClasses),
  of: comparedSchema,
  number: z.string(),
  ours: moneySchema.optional(),
  theirs: moneySchema.optional(),
  why: z.string(),
  state: z.enum(['open', 'repaired', 'gone']),
  /** The edition of the report that told of it first, or told again after it was gone. */
  edition: z.int().positive(),
  openedAt: instantSchema,
  /** When it was repaired or gone. */
  endedAt: instantSchema.optional(),
});
export type Difference = z.infer<typeof differenceSchema>;

/** Movements of one sort: how many, and their sums in minor units by currency. */
const tallySchema = z.object({ count: z.int().nonnegative(), sums: z.record(z.string(), z.int()) });
export type Tally = z.infer<typeof tallySchema>;

/** What a bill has, by sort; neither `other` movements nor those of other applications are ours. */
const billTotalsSchema = z.object({
  payments: tallySchema,
  refunds: tallySchema,
  /** Neither a payment nor a refund, by the provider's word for it. */
  other: z.record(z.string(), tallySchema),
  /** Payments and refunds whose numbers are not ours, by the provider's word for it. */
  notOurs: z.record(z.string(), tallySchema),
  /** What the provider kept, in minor units by currency. */
  costs: z.record(z.string(), z.int()),
});
export type BillTotals = z.infer<typeof billTotalsSchema>;

/** What we booked at the provider in the span of the bill. */
const bookTotalsSchema = z.object({ payments: tallySchema, refunds: tallySchema });
export type BookTotals = z.infer<typeof bookTotalsSchema>;

/** One comparison of a provider's bill of a day with our books, and of its repetitions. */
export const reportSchema = z.object({
  provider: providerSchema,
  /** The day of the bill, in the provider's own zone. */
  date: serviceDateSchema,
  /** Grows with each run that finds something new. */
  edition: z.int().positive(),
  /** A person has settled what was open in the editions up to this one. */
  settledTo: z.int().nonnegative(),
  /** How many differences are open and not settled. */
  open: z.int().nonnegative(),
  bill: billTotalsSchema,
  books: bookTotalsSchema,
  firstRunAt: instantSchema,
  changedAt: instantSchema,
  attention: attentionSchema.optional(),
  handled: z.array(handledSchema).optional(),
});
export type Report = z.infer<typeof reportSchema>;

/** The day of a provider's bill. */
export type BillDay = Pick<Report, 'provider' | 'date'>;

const idPattern = new RegExp(`^(${providerSchema.options.join('|')})-(\\d{4}-\\d{2}-\\d{2})$`);

/** The id by which a person names a report: `<provider>-<date>`. */
export const reportIdOf = ({ provider, date }: BillDay): string => `${provider}-${date}`;

/** The day of such an id; undefined if it is none. */
export const billDayOf = (id: string): BillDay | undefined => {
  const [, provider, date] = idPattern.exec(id) ?? [];
  const day = z.object({ provider: providerSchema, date: serviceDateSchema }).safeParse({ provider, date });
  return day.data;
};

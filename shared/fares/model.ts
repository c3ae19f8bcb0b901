import * as z from 'zod';

/** Class → adult fare in minor units; `*` is any class without its own entry. */
const byClassSchema = z.record(z.string(), z.int().nonnegative());

/** The adult fares from one stop to another: trip id → class → amount; trip `*` is any trip. */
export const pairFaresSchema = z.object({
  currency: z.string(),
  byTrip: z.record(z.string(), byClassSchema),
});
export type PairFares = z.infer<typeof pairFaresSchema>;

/** Any trip, any class. */
export const any = '*';

/** The price of a kilometre, for pairs without a fare: minor units × the class's factor (1 if it has none). */
export const kilometreRateSchema = z.object({
  currency: z.string(),
  perKilometre: z.number().positive(),
  factors: z.record(z.string(), z.number().positive()),
});
export type KilometreRate = z.infer<typeof kilometreRateSchema>;

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const priceSchema = z.object({
  what: z.string(),
  dollars: z.number().positive(),
  /** The number of units that cost so much. */
  per: z.number().positive(),
  /** Units that are free in each month, in an account that has nothing else. */
  freeUnits: z.number().nonnegative(),
  /** AWS's own page. */
  source: z.url(),
  /** The page on which the figure was read; absent if nobody could, so that it is from memory. */
  seenAt: z.url().nullable(),
  note: z.string().optional(),
});

const fileSchema = z.object({
  region: z.string(),
  currency: z.string(),
  lookedUp: z.iso.date(),
  prices: z.record(z.string(), priceSchema),
});

export type Prices = z.infer<typeof fileSchema>;

/** List prices, with where and when each was looked up. */
export const readPrices = (): Prices =>
  fileSchema.parse(JSON.parse(readFileSync(join(import.meta.dirname, 'prices.json'), 'utf8')));

/** A line of a bill: how many units of a price. */
export type CostLine = { what: string; units: number; price: string };

const priceOf = ({ prices }: Prices, name: string) => {
  const price = prices[name];
  if (!price) throw new Error(`infra/costs/prices.json has no price ${name}`);
  return price;
};

/** What a line costs, in dollars. */
export const dollarsOf = (prices: Prices, { units, price }: CostLine): number => {
  const { dollars, per } = priceOf(prices, price);
  return (units * dollars) / per;
};

/** What all lines cost after the units that are free, in dollars: lines with the same price share them. */
export const dollarsAfterFree = (prices: Prices, lines: readonly CostLine[]): number =>
  [...new Set(lines.map(({ price }) => price))].reduce((sum, price) => {
    const units = lines.filter((line) => line.price === price).reduce((all, line) => all + line.units, 0);
    const paid = Math.max(0, units - priceOf(prices, price).freeUnits);
    return sum + dollarsOf(prices, { what: '', units: paid, price });
  }, 0);

export const totalOf = (prices: Prices, lines: readonly CostLine[]): number =>
  lines.reduce((sum, line) => sum + dollarsOf(prices, line), 0);

import type { BillRow } from '../payments/bill.ts';
import type { Money } from '../platform/money.ts';
import type { BillTotals, BookTotals, Tally } from './model.ts';

const emptyTally = (): Tally => ({ count: 0, sums: {} });

export const emptyBillTotals = (): BillTotals => ({
  payments: emptyTally(),
  refunds: emptyTally(),
  other: {},
  notOurs: {},
  costs: {},
});

export const emptyBookTotals = (): BookTotals => ({ payments: emptyTally(), refunds: emptyTally() });

const addTo = (sums: Record<string, number>, currency: string, amount: number): void => {
  sums[currency] = (sums[currency] ?? 0) + amount;
};

/** Counts one more movement. */
export const count = (tally: Tally, { amount, currency }: Money): void => {
  tally.count += 1;
  addTo(tally.sums, currency, amount);
};

export const countCost = (costs: Record<string, number>, { amount, cost }: BillRow): void => {
  if (cost !== 0) addTo(costs, amount.currency, cost);
};

/** A provider has a few dozen types; whatever it writes, a report stays one item. */
const typesMax = 100;
const typeLengthMax = 60;
const furtherTypes = 'further types';

/** Counts one more movement of a type. */
export const countByType = (types: Record<string, Tally>, type: string, amount: Money): void => {
  const name = type.slice(0, typeLengthMax) || '–';
  const isKnown = Object.hasOwn(types, name) || Object.keys(types).length < typesMax;
  count((types[isKnown ? name : furtherTypes] ??= emptyTally()), amount);
};

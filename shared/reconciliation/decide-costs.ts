import { money, sameMoney, type Money } from '../platform/money.ts';
import { textOfMoney } from './decide-row.ts';
import { reportIdOf, type BillDay, type Finding } from './model.ts';

/** What follows from the costs of a bill: an entry to book, and the differences from what is booked. */
export type CostsVerdict = { book?: Money; findings: Finding[] };

/**
 * Judges what the provider kept that day, by currency. The costs in our own currency are booked once; any other sum, and
 * any other currency, is a difference.
 */
export const decideCosts = (
  day: BillDay,
  costs: Readonly<Record<string, number>>,
  { booked, currency }: { booked: Money | undefined; currency: string },
): CostsVerdict => {
  const ours = money(costs[currency] ?? 0, currency);
  const foreign = Object.entries(costs).filter(([each, amount]) => each !== currency && amount !== 0);
  const difference = (number: string, theirs: Money, why: string): Finding => ({
    class: 'costs',
    of: 'costs',
    number,
    theirs,
    why,
  });
  const id = reportIdOf(day);
  const findings = foreign.map(([each, amount]) => {
    const theirs = money(amount, each);
    return difference(`${id}-${each}`, theirs, `the bill has costs of ${textOfMoney(theirs)}`);
  });
  const isChanged = booked !== undefined && !sameMoney(booked, ours);
  if (isChanged)
    findings.push({
      ...difference(id, ours, 'the bill had other costs when we booked them'),
      ours: booked,
    });
  return { ...(!booked && ours.amount !== 0 && { book: ours }), findings };
};

import type { BillRow, ProviderBills } from '../../shared/payments/bill.ts';
import { billDays } from '../../shared/payments/bill-days.ts';
import { accepted, rejected } from '../../shared/platform/outcome.ts';
import type { Money } from '../../shared/platform/money.ts';
import type { Clock, Instant } from '../../shared/platform/time.ts';

/** A movement in the books of a provider of tests. */
export type BookedMovement = Omit<BillRow, 'row'>;

type Booked = { paymentId: string; providerTrade: string; at: Instant; amount: Money };

export const paymentMovement = ({ paymentId, providerTrade, at, amount }: Booked): BookedMovement => ({
  kind: 'payment',
  type: 'payment',
  paymentNumber: paymentId,
  providerNumber: providerTrade,
  at,
  amount,
  cost: 0,
});

export const refundMovement = (booked: Booked, refundNumber: string): BookedMovement => ({
  ...paymentMovement(booked),
  kind: 'refund',
  type: 'refund',
  refundNumber,
});

/** The bills of a provider of tests, from its books, for days of a zone. */
export const billsFrom = (
  movements: () => readonly BookedMovement[],
  clock: Clock,
  timeZone = 'UTC',
): ProviderBills => {
  const days = billDays(timeZone, 1);
  async function* rowsOf(date: ReturnType<typeof days.dayOf>): AsyncGenerator<BillRow> {
    const ofDay = movements().filter(({ at }) => days.dayOf(at) === date);
    for (const [index, movement] of ofDay.entries()) yield { ...movement, row: index + 1 };
  }
  return {
    ...days,
    read: async (date) =>
      clock() < days.span(date).until ? rejected('not-ready') : accepted({ rows: rowsOf(date) }),
  };
};

import type { ProviderBills } from '../../shared/payments/bill.ts';
import type { ProviderName } from '../../shared/payments/model.ts';
import { billsFrom, paymentMovement, refundMovement, type BookedMovement } from '../support/bills-from.ts';
import type { Books } from './books.ts';

/** The bills of a simulated provider, which tell its books as they are. */
export const simulatedBills = (books: Books, provider: ProviderName): ProviderBills =>
  billsFrom(() => [...paymentsIn(books, provider), ...refundsIn(books, provider)], books.clock);

const paymentsIn = ({ trades }: Books, name: ProviderName): BookedMovement[] =>
  [...trades.values()].flatMap(({ paymentId, provider, taken: amount, takenAt: at }) =>
    at === undefined || provider !== name
      ? []
      : paymentMovement({ paymentId, providerTrade: `trade-${paymentId}`, at, amount }),
  );

const refundsIn = ({ refunds, providerOf }: Books, name: ProviderName): BookedMovement[] =>
  [...refunds.booked].flatMap(([refundNumber, { paymentId, amount, bookedAt: at }]) =>
    providerOf(paymentId) === name
      ? refundMovement({ paymentId, providerTrade: `trade-${paymentId}`, at, amount }, refundNumber)
      : [],
  );

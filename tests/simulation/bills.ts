import type { ProviderBills } from '../../shared/payments/bill.ts';
import type { Clock } from '../../shared/platform/time.ts';
import { billsFrom, paymentMovement, refundMovement, type BookedMovement } from '../support/bills-from.ts';
import type { Books } from './books.ts';

/** The bills of the simulated provider, which tell its books as they are. */
export const simulatedBills = (books: Books, clock: Clock): ProviderBills =>
  billsFrom(() => [...paymentsIn(books), ...refundsIn(books)], clock);

const paymentsIn = ({ trades }: Books): BookedMovement[] =>
  [...trades.values()].flatMap(({ paymentId, taken: amount, takenAt: at }) =>
    at === undefined ? [] : paymentMovement({ paymentId, providerTrade: `trade-${paymentId}`, at, amount }),
  );

const refundsIn = ({ refunds }: Books): BookedMovement[] =>
  [...refunds.booked].map(([refundNumber, { paymentId, amount, bookedAt: at }]) =>
    refundMovement({ paymentId, providerTrade: `trade-${paymentId}`, at, amount }, refundNumber),
  );

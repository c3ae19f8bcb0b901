import type { OrderPart, Snapshot } from '../../shared/audit/model.ts';
import { isCaptured, isPaidTwice, wasPaidTwice } from '../../shared/payments/model.ts';
import type { Books } from './books.ts';
import { ledgerAgainst } from './ledger-against.ts';
import type { Wrong } from './wrong.ts';

type Refund = OrderPart['refunds'][number];

/** Held against what the provider and people have in their books once everything is at rest: the same money, all known. */
export const compareBooks = (snapshot: Snapshot, books: Books): Wrong[] => {
  const wrong = books.wrong.map((what) => ({ rule: 'provider-content', what }));
  const report = (what: string): void => void wrong.push({ rule: 'books-agree', what });
  const payments = snapshot.orders.flatMap((part) => part.payments);
  const refunds = snapshot.orders.flatMap((part) => part.refunds);
  for (const payment of payments) {
    const { paymentId } = payment;
    const paid = books.takenOf(paymentId) !== undefined;
    if (paid && !isCaptured(payment)) report(`${paymentId} was paid at the provider, and we do not know`);
    if (!paid && isCaptured(payment)) report(`${paymentId} is captured, and was never paid at the provider`);
  }
  for (const refund of refunds) for (const what of differing(refund, books)) report(what);
  const given = [...books.refunds.booked.keys(), ...books.refunds.byHand.map((each) => each.refundNumber)];
  for (const refundNumber of given) {
    if (!refunds.some((refund) => refund.refundNumber === refundNumber))
      report(`${refundNumber} was given back, and we do not know it`);
  }
  return [...wrong, ...ledgerAgainst(snapshot, books)];
};

/** Each way back is known as what it is, and both at once as one too many. */
const differing = (refund: Refund, { refunds: { booked, byHand } }: Books): string[] => {
  const { refundNumber, amount, state } = refund;
  const settledBy = 'settledBy' in refund ? refund.settledBy : undefined;
  const wrong: string[] = [];
  const back = booked.get(refundNumber);
  const hands = byHand.filter((each) => each.refundNumber === refundNumber);
  const isSaid = {
    provider: state === 'succeeded' || isPaidTwice(refund),
    hand: state === 'settled' || wasPaidTwice(refund),
  };
  if (isSaid.provider !== (back !== undefined))
    wrong.push(`${refundNumber} is ${state}, and the provider has given ${back?.amount.amount ?? 'nothing'}`);
  if (back && back.amount.amount !== amount.amount)
    wrong.push(`${refundNumber} is of ${amount.amount}, and the provider has given ${back.amount.amount}`);
  if (isSaid.hand !== hands.length > 0)
    wrong.push(`${refundNumber} is ${state}, paid by hand ${hands.length} times`);
  if (hands.length > 1) wrong.push(`${refundNumber} was paid by hand ${hands.length} times`);
  if (hands[0] && hands[0].by !== settledBy)
    wrong.push(`${refundNumber} was paid by ${hands[0].by}, and is said to be by ${settledBy}`);
  return wrong;
};

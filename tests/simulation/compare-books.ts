import type { Snapshot } from '../../shared/audit/model.ts';
import type { Books } from './books.ts';
import type { Wrong } from './safety.ts';

/** Held against what the provider has in its books once everything is at rest: the same money, and all of it known. */
export const compareBooks = (snapshot: Snapshot, books: Books): Wrong[] => {
  const wrong = books.wrong.map((what) => ({ rule: 'provider-content', what }));
  const report = (what: string): void => void wrong.push({ rule: 'books-agree', what });
  const payments = snapshot.orders.flatMap((part) => part.payments);
  const refunds = snapshot.orders.flatMap((part) => part.refunds);
  for (const { paymentId, capturedAt } of payments) {
    const paid = books.trades.get(paymentId)?.state === 'captured';
    if (paid && !capturedAt) report(`${paymentId} was paid at the provider, and we do not know`);
    if (!paid && capturedAt) report(`${paymentId} is captured, and was never paid at the provider`);
  }
  for (const { refundNumber, amount, state } of refunds) {
    const back = books.refunds.get(refundNumber)?.amount.amount ?? 0;
    if (state === 'succeeded' && back !== amount.amount)
      report(`${refundNumber} is said to be back, and the provider has given ${back}`);
  }
  for (const refundNumber of books.refunds.keys()) {
    if (!refunds.some((refund) => refund.refundNumber === refundNumber))
      report(`the provider has refunded ${refundNumber}, which we do not know`);
  }
  return [...wrong, ...ledgerAgainst(snapshot, books)];
};

const sum = (amounts: Iterable<number>): number => [...amounts].reduce((total, amount) => total + amount, 0);

/** What is left on the accounts: at the provider what it holds for us, earned what was issued, and nothing in between. */
const ledgerAgainst = ({ orders }: Snapshot, books: Books): Wrong[] => {
  const legs = orders.flatMap(({ entries }) => entries.flatMap((entry) => entry.legs));
  const balanceOf = (account: string): number =>
    sum(legs.filter((leg) => leg.account === account).map(({ amount }) => amount));
  const captured = [...books.trades.values()].filter(({ state }) => state === 'captured');
  const expected = {
    clearing:
      sum(captured.map(({ amount }) => amount.amount)) -
      sum([...books.refunds.values()].map(({ amount }) => amount.amount)),
    fares: -sum(orders.map(({ order }) => (order?.state === 'issued' ? order.amount.amount : 0))),
    passengers: 0,
    'refunds-payable': 0,
  };
  return Object.entries(expected).flatMap(([account, amount]) =>
    balanceOf(account) === amount
      ? []
      : [{ rule: 'ledger-at-rest', what: `${account} stands at ${balanceOf(account)}, not ${amount}` }],
  );
};

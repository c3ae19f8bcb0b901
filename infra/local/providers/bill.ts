import type { Instant } from '../../../shared/platform/time.ts';
import type { Books } from './books.ts';
import type { BillLie, Trade } from './trade.ts';

/** A movement as a bill lists it. Amounts and costs are in minor units; a refund's amount is positive. */
export type Movement = {
  kind: 'payment' | 'refund';
  trade: Trade;
  /** The merchant's number of the payment; another shop's for a payment that is not ours. */
  outTradeNo: string;
  tradeNo: string;
  /** The merchant's number of the refund. */
  refundNo?: string;
  at: Instant;
  amount: number;
  currency: string;
  /** What the provider keeps; negative when it gives some back. */
  fee: number;
  /** The provider's word, if the bill lies about the state. */
  state?: string;
};

export type Span = { from: Instant; until: Instant };

/** What a provider keeps of an amount. */
export type FeeOf = (kind: Movement['kind'], amount: number) => number;

/** 0.6 %, and as much of a refund back. */
export const percentFee: FeeOf = (kind, amount) => {
  const fee = Math.round(amount * 0.006);
  return kind === 'payment' || fee === 0 ? fee : -fee;
};

const isIn = (at: Instant, { from, until }: Span): boolean => at >= from && at < until;

/** The bill of a span, oldest first, with its lies. */
export const movementsIn = (books: Books, span: Span, feeOf: FeeOf): Movement[] =>
  books
    .trades()
    .flatMap((trade) => movementsOf(trade, feeOf))
    .filter(({ at }) => isIn(at, span))
    .sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));

const movementsOf = (trade: Trade, feeOf: FeeOf): Movement[] => {
  const { paidAt, bill = {} } = trade;
  if (paidAt === undefined) return [];
  const { outTradeNo, tradeNo, currency } = trade;
  const payment: Movement = {
    kind: 'payment',
    trade,
    outTradeNo,
    tradeNo,
    at: paidAt,
    amount: trade.total,
    currency,
    fee: feeOf('payment', trade.total),
  };
  // The bill has what moved: no refund that is under way, or was never paid.
  const done = trade.refunds.filter(({ state }) => state === undefined || state === 'done');
  const refunds = done.map(({ outRequestNo: refundNo, amount, at }): Movement => ({
    ...payment,
    kind: 'refund',
    refundNo,
    at,
    amount,
    fee: feeOf('refund', amount),
  }));
  const { payment: ofPayment, refund: ofRefund } = bill;
  return [
    ...told(payment, ofPayment),
    ...(bill.stranger ? [strangerOf(payment)] : []),
    ...refunds.flatMap((refund) => told(refund, ofRefund)),
  ];
};

const told = (movement: Movement, lie: BillLie = {}): Movement[] => {
  if (lie.omits) return [];
  const { amount = movement.amount, currency = movement.currency, state } = lie;
  const changed = { ...movement, amount, currency, ...(state !== undefined && { state }) };
  return lie.twice ? [changed, changed] : [changed];
};

/** A payment of another shop of the same account, with that shop's number. */
const strangerOf = (payment: Movement): Movement => ({
  ...payment,
  outTradeNo: `shop-${payment.tradeNo.slice(-12)}`,
  tradeNo: payment.tradeNo.split('').toReversed().join(''),
});

/** What is wrong with the whole bill of a span, by somebody's button. */
export const troubleIn = (books: Books, span: Span): 'damaged' | 'late' | undefined => {
  const lies = books
    .trades()
    .flatMap(({ paidAt, bill }) => (paidAt !== undefined && isIn(paidAt, span) && bill ? bill : []));
  if (lies.some(({ late }) => late)) return 'late';
  return lies.some(({ damaged }) => damaged) ? 'damaged' : undefined;
};

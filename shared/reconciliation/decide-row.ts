import type { BillRow } from '../payments/bill.ts';
import {
  isCaptured,
  isReturned,
  takenOf,
  wasPaidTwice,
  type Payment,
  type ProviderName,
  type Refund,
} from '../payments/model.ts';
import { orderIdSchema, paymentIdSchema, type OrderId, type PaymentId } from '../platform/ids.ts';
import { sameMoney, toDecimal, type Money } from '../platform/money.ts';
import type { Instant } from '../platform/time.ts';
import type { Finding } from './model.ts';

/** Money that our journal has at a provider: captured, or paid back. */
export type Booked = { of: 'payment' | 'refund'; number: string; amount: Money; at: Instant };

/** A row of the bill that concerns a payment or a refund. */
export type MoneyRow = BillRow & { kind: 'payment' | 'refund' };

export const isMoney = (row: BillRow): row is MoneyRow => row.kind !== 'other';

/** The number by which a row is found again: ours, or the provider's if the row has none of ours. */
export const numberOfRow = ({ kind, paymentNumber, refundNumber, providerNumber }: MoneyRow): string =>
  (kind === 'payment' ? paymentNumber : refundNumber) ?? providerNumber;

/** The payment that a number of ours belongs to: the number itself, or the start of a refund's. */
export const paymentOfNumber = (number: string): PaymentId | undefined => {
  const [order, attempt] = number.split('_');
  return paymentIdSchema.safeParse(`${order}_${attempt}`).data;
};

/** Whether a row carries a number that looks like one of ours, so that the money should be ours. */
export const looksLikeOurs = ({ kind, paymentNumber, refundNumber }: MoneyRow): boolean => {
  if (kind === 'payment') return paymentIdSchema.safeParse(paymentNumber).success;
  return [refundNumber, paymentNumber].some((number) => number && paymentOfNumber(number) !== undefined);
};

/** The order of a refund's number. */
export const orderOfNumber = (number: string): OrderId | undefined =>
  orderIdSchema.safeParse(number.slice(0, 26)).data;

/** Whether the provider's bill says that the money has moved. */
export const isDone = ({ state }: BillRow): boolean => state === undefined;

/** What to do about a row of the bill. */
export type RowVerdict =
  | { is: 'as-booked' }
  /** The number has no entry of that day: its payment or refund must be looked at. */
  | { is: 'not-of-this-day' }
  /** We booked it, and the bill says that it is not done. */
  | { is: 'not-done' }
  /** Not done there, and not booked here. */
  | { is: 'nothing' }
  | { is: 'different'; finding: Finding };

/**
 * Judges a row whose number is ours by our entries of that day. `before` is the row of the same number that came
 * earlier in this bill.
 */
export const decideRow = (
  row: MoneyRow,
  booked: Booked | undefined,
  before: Pick<BillRow, 'row'> | undefined,
): RowVerdict => {
  if (before && isDone(row)) return { is: 'different', finding: twice(row, booked, before) };
  if (!isDone(row)) return { is: booked ? 'not-done' : 'nothing' };
  if (!booked) return { is: 'not-of-this-day' };
  const finding = compareAmounts(row, booked.amount);
  return finding ? { is: 'different', finding } : { is: 'as-booked' };
};

const about = (row: MoneyRow): Pick<Finding, 'of' | 'number'> => ({
  of: row.kind,
  number: numberOfRow(row),
});

const twice = (row: MoneyRow, booked: Booked | undefined, before: Pick<BillRow, 'row'>): Finding => ({
  ...about(row),
  class: 'twice',
  ours: booked?.amount,
  theirs: row.amount,
  why: `rows ${before.row} and ${row.row} of the bill have the same number`,
});

/** The difference between the amounts of a row and of our books; undefined if there is none. */
export const compareAmounts = (row: MoneyRow, ours: Money): Finding | undefined => {
  if (sameMoney(row.amount, ours)) return undefined;
  const isOtherCurrency = row.amount.currency !== ours.currency;
  return {
    ...about(row),
    class: isOtherCurrency ? 'currency' : 'amount',
    ours,
    theirs: row.amount,
    why: isOtherCurrency ? 'booked in another currency' : 'booked with another amount',
  };
};

/** What to do about a row whose money we did not book on that day. */
export type UnbookedVerdict =
  | { is: 'as-booked' }
  | { is: 'different'; finding: Finding }
  /** Money that we never heard of: the provider must confirm it. */
  | { is: 'to-be-asked' };

const unknown = (row: MoneyRow, why: string): UnbookedVerdict => ({
  is: 'different',
  finding: { ...about(row), class: 'unknown-number', theirs: row.amount, why },
});

const compared = (row: MoneyRow, ours: Money): UnbookedVerdict => {
  const finding = compareAmounts(row, ours);
  return finding ? { is: 'different', finding } : { is: 'as-booked' };
};

/** Judges a payment's row by the payment itself: its money may be booked on another day. */
export const decideUnbookedPayment = (
  row: MoneyRow,
  payment: Payment | undefined,
  provider: ProviderName,
): UnbookedVerdict => {
  if (!payment) return unknown(row, 'we have no payment with this number');
  if (payment.provider !== provider) return unknown(row, `we know it as a payment with ${payment.provider}`);
  return isCaptured(payment) ? compared(row, takenOf(payment)) : { is: 'to-be-asked' };
};

/** Whether our books have the provider's payment of a refund, taken back since or not. */
export const isPaidByProvider = (refund: Refund): boolean =>
  refund.state === 'succeeded' || wasPaidTwice(refund) || isReturned(refund);

/** Judges a refund's row by the refund itself. */
export const decideUnbookedRefund = (row: MoneyRow, refund: Refund | undefined): UnbookedVerdict => {
  if (refund) return isPaidByProvider(refund) ? compared(row, refund.amount) : { is: 'to-be-asked' };
  return {
    is: 'different',
    finding: {
      ...about(row),
      class: 'missing-here',
      theirs: row.amount,
      why: `nobody here requested this refund of ${row.paymentNumber ?? 'a payment without a number'}`,
    },
  };
};

/** `53.30 CNY` */
export const textOfMoney = (money: Money): string => `${toDecimal(money)} ${money.currency}`;

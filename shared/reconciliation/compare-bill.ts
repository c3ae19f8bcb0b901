import type { ItemKey } from '../bookings/keys.ts';
import type { BillRow } from '../payments/bill.ts';
import type { Payment, ProviderName, Refund } from '../payments/model.ts';
import { keyOfRefund, refundFromItem } from '../payments/refunds-store.ts';
import { keyOfPayment, paymentFromItem } from '../payments/store.ts';
import { readAll } from '../platform/batch-read.ts';
import type { Item, Table } from '../platform/dynamo.ts';
import { never } from '../platform/outcome.ts';
import {
  decideRow,
  decideUnbookedPayment,
  decideUnbookedRefund,
  isMoney,
  looksLikeOurs,
  numberOfRow,
  orderOfNumber,
  paymentOfNumber,
  type Booked,
  type MoneyRow,
  type UnbookedVerdict,
} from './decide-row.ts';
import type { BillTotals, Finding } from './model.ts';
import type { Books } from './read-books.ts';
import { count, countByType, countCost, emptyBillTotals } from './tallies.ts';

/** What a bill and our books do not agree about, before the provider is asked. */
export type Compared = {
  bill: BillTotals;
  findings: Finding[];
  /** Money that only the bill has: a payment or refund that we know and have not booked. */
  unheardOf: { row: MoneyRow; payment: Payment; refund?: Refund }[];
  /** What we booked, and the bill calls not done. */
  notDone: { row: MoneyRow; booked: Booked }[];
  /** What we booked, and the bill lacks. */
  missing: Booked[];
};

type Reading = {
  bookings: Table;
  provider: ProviderName;
  books: Books;
  hasTime: () => boolean;
};

/** So many rows wait for one read of their payments and refunds: one request of DynamoDB. */
const lookUpAtOnce = 50;

/**
 * Compares the rows of a bill with our books, row by row: of a row that is as booked it keeps nothing but its number.
 * Nothing of it counts before the bill has come to its end, so this changes nothing and asks nobody. Undefined if the time
 * ran out. Throws as the rows do.
 */
export const compareBill = async (
  reading: Reading,
  rows: AsyncIterable<BillRow>,
): Promise<Compared | undefined> => {
  const { books, hasTime } = reading;
  const compared: Compared = {
    bill: emptyBillTotals(),
    findings: [],
    unheardOf: [],
    notDone: [],
    missing: [],
  };
  const unbooked = new Map<string, number>();
  let toLookUp: MoneyRow[] = [];
  for await (const row of rows) {
    if (!hasTime()) return undefined;
    if (!tally(compared.bill, row)) continue;
    if (takeRow(compared, { books, unbooked }, row)) toLookUp.push(row);
    if (toLookUp.length < lookUpAtOnce) continue;
    await lookUp(reading, toLookUp, compared);
    toLookUp = [];
  }
  await lookUp(reading, toLookUp, compared);
  for (const booked of books.entries.values()) if (booked.row === undefined) compared.missing.push(booked);
  return compared;
};

/** Counts a row, and says whether it concerns a payment or refund of ours. */
const tally = (bill: BillTotals, row: BillRow): row is MoneyRow => {
  countCost(bill.costs, row);
  if (!isMoney(row)) countByType(bill.other, row.type, row.amount);
  else if (!looksLikeOurs(row)) countByType(bill.notOurs, row.type, row.amount);
  else {
    if (row.state === undefined) count(row.kind === 'payment' ? bill.payments : bill.refunds, row.amount);
    return true;
  }
  return false;
};

/** Judges a row by our entries; true if its payment or refund must be looked at. */
const takeRow = (
  compared: Compared,
  { books, unbooked }: { books: Books; unbooked: Map<string, number> },
  row: MoneyRow,
): boolean => {
  const number = numberOfRow(row);
  const booked = books.entries.get(number);
  const seenIn = booked ? booked.row : unbooked.get(number);
  const verdict = decideRow(row, booked, seenIn === undefined ? undefined : { row: seenIn });
  if (booked) booked.row ??= row.row;
  else if (verdict.is === 'not-of-this-day') unbooked.set(number, row.row);
  switch (verdict.is) {
    case 'different':
      compared.findings.push(verdict.finding);
      return false;
    case 'not-done':
      if (booked) compared.notDone.push({ row, booked });
      return false;
    case 'not-of-this-day':
      return true;
    case 'as-booked':
    case 'nothing':
      return false;
    default:
      return never(verdict);
  }
};

/** The keys under which the payment of a row, and its refund, would be. */
const keysOf = (row: MoneyRow): { payment: ItemKey | undefined; refund: ItemKey | undefined } => {
  const number = numberOfRow(row);
  const paymentId = paymentOfNumber(number) ?? paymentOfNumber(row.paymentNumber ?? '');
  const orderId = orderOfNumber(number);
  const hasRefund = row.kind === 'refund' && row.refundNumber !== undefined;
  return {
    payment: paymentId && keyOfPayment(paymentId),
    refund: hasRefund && orderId ? keyOfRefund(orderId, number) : undefined,
  };
};

const nameOf = ({ pk, sk }: Item): string => `${String(pk)} ${String(sk)}`;

/** Judges rows by their payments and refunds, as they are stored now. */
const lookUp = async (
  { bookings, provider }: Reading,
  rows: readonly MoneyRow[],
  compared: Compared,
): Promise<void> => {
  const keys = rows.flatMap((row) => Object.values(keysOf(row)).filter((key) => key !== undefined));
  const distinct = [...new Map(keys.map((key) => [nameOf(key), key])).values()];
  const stored = await readAll(bookings, distinct, { consistent: true });
  const items = new Map(stored.map((item) => [nameOf(item), item]));
  for (const row of rows) {
    const { payment: paymentKey, refund: refundKey } = keysOf(row);
    const found = (key: ItemKey | undefined) => key && items.get(nameOf(key));
    const [paymentItem, refundItem] = [found(paymentKey), found(refundKey)];
    const payment = paymentItem && paymentFromItem(paymentItem);
    const refund = refundItem && refundFromItem(refundItem);
    const verdict = judge(row, { payment, refund, provider });
    if (verdict.is === 'different') compared.findings.push(verdict.finding);
    if (verdict.is === 'to-be-asked' && payment)
      compared.unheardOf.push({ row, payment, ...(refund && { refund }) });
  }
};

const judge = (
  row: MoneyRow,
  {
    payment,
    refund,
    provider,
  }: { payment: Payment | undefined; refund: Refund | undefined; provider: ProviderName },
): UnbookedVerdict => {
  const ofPayment = decideUnbookedPayment(row, payment, provider);
  if (row.kind === 'payment' || !payment || payment.provider !== provider) return ofPayment;
  return decideUnbookedRefund(row, refund);
};

import { instantOf } from '../../platform/time.ts';
import { unreadableBill, type BillPlace, type BillRow } from '../bill.ts';
import { lookIn, wholeRow, type Column, type Look } from '../bill-heading.ts';
import { billLines, type BillLine } from '../bill-lines.ts';
import { costIn, moneyIn, numberIn } from '../bill-numbers.ts';

/**
 * The columns that we use of the bill `ALL`, and the names that merchants of before 2018 still have. Source: "交易账单详细说明" of
 * WeChat Pay's documentation (products/bill-download/format-trade): each value has a back-tick before it, and two lines with
 * totals are at the end.
 */
const columns = {
  at: { names: ['交易时间'] },
  trade: { names: ['微信订单号'] },
  payment: { names: ['商户订单号'] },
  type: { names: ['交易状态'] },
  currency: { names: ['货币种类'] },
  paid: { names: ['订单金额', '总金额'] },
  refundTrade: { names: ['微信退款单号'] },
  refund: { names: ['商户退款单号'] },
  refunded: { names: ['申请退款金额', '退款金额'] },
  refundState: { names: ['退款状态'] },
  cost: { names: ['手续费'] },
} as const satisfies Record<string, Column>;
type Name = keyof typeof columns;

/** What was sold: the currency is before it, the costs are behind it. */
const texts = ['商品名称'] as const;

const totalColumns = {
  count: { names: ['总交易单数'] },
  paid: { names: ['订单总金额', '总交易额'] },
  refunded: { names: ['申请退款总金额', '总退款金额'] },
  cost: { names: ['手续费总金额'] },
} as const satisfies Record<string, Column>;

/** A refund is in the bill of the day on which it was accepted, and the bill keeps its state of then. */
const doneRefunds: ReadonlySet<string> = new Set(['', 'SUCCESS', 'PROCESSING']);

/** Sums in hundred-thousandths, in which the bill's numbers are exact. */
type Sums = { count: number; paid: number; refunded: number; cost: number };

/** The movements in a bill. Throws where it is not as documented, and at its end if its totals are not their sums. */
export async function* wechatpayRows(
  chunks: AsyncIterable<Uint8Array>,
  { bill }: BillPlace,
): AsyncGenerator<BillRow> {
  let heading: readonly string[] | undefined;
  let look: Look<Name> = () => '';
  let state: 'movements' | 'totals' | 'over' = 'movements';
  let lookTotal: Look<keyof typeof totalColumns> = () => '';
  const fits = (fields: readonly string[]): boolean =>
    currencyForm.test(look(fields, 'currency')) && /^-?[\d.]+$/.test(look(fields, 'cost'));
  const wholeOf = (row: BillLine, names: readonly string[]): readonly string[] =>
    wholeRow(valuesIn(row), { heading: names, texts, separator: ',`' }, fits, { bill, row: row.row });
  const sums: Sums = { count: 0, paid: 0, refunded: 0, cost: 0 };
  let begun: BillLine | undefined;
  for await (const line of billLines(chunks, 'utf-8', { bill })) {
    const place = { bill, row: line.row };
    if (line.text.trim() === '') continue;
    if (state === 'over') throw unreadableBill(place, 'there is more after the totals');
    if (state === 'totals') {
      checkTotals(valuesIn(line), lookTotal, sums, place);
      state = 'over';
    } else if (!heading) {
      heading = namesIn(line);
      look = lookIn(heading, columns, place);
    } else {
      const row = begun && !isNext(line) ? joinLines(begun, line) : line;
      // A row that ends within a value goes on in the next line, unless that is another row.
      if (begun && row === line) wholeOf(begun, heading);
      begun = undefined;
      if (!row.text.startsWith(mark)) {
        lookTotal = lookIn(namesIn(row), totalColumns, place);
        state = 'totals';
      } else if (valuesIn(row).length < heading.length && row.text.length < rowLengthMax) begun = row;
      else yield rowOf(wholeOf(row, heading), look, sums, { bill, row: row.row });
    }
  }
  if (begun && heading) wholeOf(begun, heading);
  if (!heading) throw unreadableBill({ bill }, 'it is empty');
  if (state !== 'over') throw unreadableBill({ bill }, 'it ends before its totals');
}

const currencyForm = /^[A-Z]{3}$/;

/** It stands before each value. */
const mark = '`';

/** A longer text is no row, however many lines it has. */
const rowLengthMax = 64 * 1024;

/** A row begins with its time, and nothing else that we know begins so; the totals begin with their first name. */
const nextForm = new RegExp(
  `^(?:${mark}\\d{4}-\\d{2}-\\d{2} +\\d{2}:\\d{2}:\\d{2},|${mark}?${totalColumns.count.names[0]},)`,
);

const isNext = ({ text }: BillLine): boolean => nextForm.test(text);

/** What was sold may have line feeds: the rest of the row is in the next line. */
const joinLines = (begun: BillLine, { text }: BillLine): BillLine => ({
  row: begun.row,
  text: `${begun.text}\n${text}`,
});

/** Commas within a value are mostly not followed by the mark. */
const valuesIn = ({ text }: BillLine): string[] =>
  text
    .replace(/^`/, '')
    .split(',`')
    .map((value) => value.trim());

const namesIn = ({ text }: BillLine): string[] =>
  text.split(',').map((name) => name.replace(/^`/, '').trim());

const rowOf = (
  fields: readonly string[],
  look: Look<Name>,
  sums: Sums,
  place: BillPlace & { row: number },
): BillRow => {
  const of = (column: Name): string => look(fields, column);
  const number = (column: 'paid' | 'refunded' | 'cost'): number =>
    numberIn(of(column), columns[column].names[0], place);
  sums.count += 1;
  sums.paid += number('paid');
  sums.refunded += number('refunded');
  sums.cost += number('cost');
  const currency = of('currency');
  if (!currencyForm.test(currency))
    throw unreadableBill(place, `${columns.currency.names[0]} is no currency`);
  const moved = (column: 'paid' | 'refunded') =>
    moneyIn(of(column), currency, columns[column].names[0], place);
  const common = {
    type: of('type'),
    at: timeIn(of('at'), place),
    cost: costIn(of('cost'), currency, columns.cost.names[0], place),
    ...(of('payment') && { paymentNumber: of('payment') }),
    row: place.row,
  };
  const required = (column: Name): string => {
    if (!of(column)) throw unreadableBill(place, `${columns[column].names[0]} is missing`);
    return of(column);
  };
  if (common.type === 'SUCCESS')
    return { kind: 'payment', ...common, providerNumber: required('trade'), amount: moved('paid') };
  // It takes a payment back by a code on the buyer's screen, which is not one of our methods: about a number of ours, it is news.
  if (common.type === 'REVOKED') {
    const [paid, refunded] = [moved('paid'), moved('refunded')];
    const amount = paid.amount === 0 ? refunded : paid;
    return { kind: 'payment', ...common, providerNumber: required('trade'), amount, state: common.type };
  }
  const refundState = of('refundState');
  const isRefund = common.type === 'REFUND';
  const amount = moved('refunded');
  return {
    ...common,
    kind: isRefund ? 'refund' : 'other',
    ...(isRefund && { refundNumber: required('refund') }),
    providerNumber: isRefund ? required('refundTrade') : required('trade'),
    amount: isRefund ? amount : { ...amount, amount: -amount.amount },
    ...(!doneRefunds.has(refundState) && { state: refundState }),
  };
};

const timeIn = (text: string, place: BillPlace): BillRow['at'] => {
  const match = /^(\d{4}-\d{2}-\d{2})\s+(\d{2}:\d{2}:\d{2})$/.exec(text);
  const milliseconds = match ? Date.parse(`${match[1]}T${match[2]}+08:00`) : Number.NaN;
  if (Number.isNaN(milliseconds)) throw unreadableBill(place, `${columns.at.names[0]} is no time`);
  return instantOf(milliseconds);
};

const checkTotals = (
  fields: readonly string[],
  look: Look<keyof typeof totalColumns>,
  sums: Sums,
  place: BillPlace,
): void => {
  for (const [column, { names }] of Object.entries(totalColumns)) {
    const name = column as keyof typeof totalColumns;
    const said = numberIn(look(fields, name), names[0], place);
    const unit = name === 'count' ? 1e5 : 1;
    // A total of costs may be rounded although its rows are not.
    const grain = name === 'cost' ? 1000 : 1;
    if (Math.round(said / grain) !== Math.round((sums[name] * unit) / grain))
      throw unreadableBill(
        place,
        `${names[0]} is ${said / 1e5}, and the rows say ${(sums[name] * unit) / 1e5}`,
      );
  }
};

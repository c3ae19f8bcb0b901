import type { ServiceDate } from '../../platform/ids.ts';
import { splitRow } from '../../platform/split-row.ts';
import { unreadableBill, type BillPlace, type BillRow } from '../bill.ts';
import { lookIn, wholeRow, type Column, type Look } from '../bill-heading.ts';
import { billLines } from '../bill-lines.ts';
import { costIn, moneyIn, numberIn } from '../bill-numbers.ts';
import { momentIn } from './local-time.ts';
import { alipayCurrency } from './model.ts';

/**
 * The columns that we use of a file of movements (业务明细). A refund is a row of the trade with its own time, negative amounts and
 * the number of its request; costs have the sign with which they change what the seller gets. Sources: "对账说明" and the answers of
 * `alipay.data.dataservice.bill.downloadurl.query` in the documentation of Alipay's open platform, and bills that sellers have
 * published: GBK, `#` before everything that is no row, a tab after many values, two lines with totals after the last row.
 */
const columns = {
  trade: { names: ['支付宝交易号', '交易号'] },
  payment: { names: ['商户订单号'] },
  type: { names: ['业务类型'] },
  created: { names: ['创建时间'] },
  at: { names: ['完成时间'] },
  amount: { names: ['订单金额（元）'] },
  received: { names: ['商家实收（元）'] },
  refund: { names: ['退款批次号/请求号', '退款批次号'] },
  cost: { names: ['服务费（元）'] },
} as const satisfies Record<string, Column>;
type Name = keyof typeof columns;

/** What people have written, between times and amounts. */
const texts = ['商品名称', '门店名称', '券名称', '备注'] as const;
const isAmount = (name: string): boolean => name.endsWith('（元）');

const amountForm = /^-?\d+(?:\.\d+)?$/;

/** The lines after the last row; the second sum is negative. */
const totalOf = {
  payments: /^#交易合计：(\d+)笔，(?:商家实收|交易金额)共(-?[\d.]+)元/,
  refunds: /^#退款合计：(\d+)笔，(?:商家实收退款|交易退款金额)共(-?[\d.]+)元/,
} as const;
type Side = keyof typeof totalOf;
const sides = Object.keys(totalOf) as Side[];

/** `#起始日期：[2026年12月01日 00:00:00]   终止日期：…` */
const firstDay = /^#起始日期：\[(\d{4})年(\d{2})月(\d{2})日/;

export type AlipayCounts = Record<Side, number>;

export type AlipayWish = {
  date: ServiceDate;
  bill: string;
  /** Of all files, counted on. */ counts: AlipayCounts;
};

/** The movements in a file. Throws where it is not as above, and at its end if its totals are not their sums. */
export async function* alipayRows(
  chunks: AsyncIterable<Uint8Array>,
  { date, bill, counts }: AlipayWish,
): AsyncGenerator<BillRow> {
  let heading: readonly string[] | undefined;
  let look: Look<Name> = () => '';
  const fits = (fields: readonly string[]): boolean =>
    (['created', 'at'] as const).every((column) => momentIn(look(fields, column)) !== undefined) &&
    fields.every((field, index) => !isAmount(heading?.[index] ?? '') || amountForm.test(field)) &&
    // A number too many is no remark.
    !/^[-\d.,]*,[-\d.,]*$/.test(fields.at(heading?.indexOf('备注') ?? -1) ?? '');
  const found = { payments: { count: 0, received: 0 }, refunds: { count: 0, received: 0 } };
  const checked = new Set<Side>();
  for await (const { row, text } of billLines(chunks, 'gbk', { bill })) {
    const place = { bill, row };
    if (text.trim() === '') continue;
    if (text.startsWith('#')) {
      checkDay(text, date, place);
      for (const side of sides) if (checkTotal(text, side, found[side], place)) checked.add(side);
    } else if (checked.size > 0) {
      throw unreadableBill(place, 'there is a row after the totals');
    } else if (!heading) {
      heading = fieldsIn(text).map((name) => name.replaceAll('(', '（').replaceAll(')', '）'));
      look = lookIn(heading, columns, place);
    } else {
      const fields = wholeRow(fieldsIn(text), { heading, texts, separator: ',' }, fits, place);
      const { movement, received } = rowOf(fields, look, place);
      yield movement;
      if (movement.kind === 'other') continue;
      const side = movement.kind === 'payment' ? 'payments' : 'refunds';
      found[side].count += 1;
      found[side].received += received;
    }
  }
  if (!heading) throw unreadableBill({ bill }, 'it has no heading');
  if (checked.size < sides.length) throw unreadableBill({ bill }, 'it ends before its totals');
  counts.payments += found.payments.count;
  counts.refunds += found.refunds.count;
}

/** Alipay quotes nothing that we have seen; a value that begins with a quote and does not end with one is text. */
const fieldsIn = (text: string): string[] => {
  const split = splitRow(text);
  return (typeof split === 'string' ? text.split(',') : split.fields).map((field) => field.trim());
};

const rowOf = (
  fields: readonly string[],
  look: Look<Name>,
  place: BillPlace & { row: number },
): { movement: BillRow; received: number } => {
  const required = (column: Name): string => {
    const value = look(fields, column);
    if (!value) throw unreadableBill(place, `${columns[column].names[0]} is missing`);
    return value;
  };
  const nameOf = (column: Name): string => columns[column].names[0];
  const at = momentIn(look(fields, 'at'));
  if (!at) throw unreadableBill(place, `${nameOf('at')} is no time`);
  const amount = moneyIn(required('amount'), alipayCurrency, nameOf('amount'), place);
  const paymentNumber = look(fields, 'payment');
  // What the seller gets is what was received plus this.
  const cost = costIn(required('cost'), alipayCurrency, nameOf('cost'), place);
  const common = {
    type: required('type'),
    ...(paymentNumber && { paymentNumber }),
    providerNumber: required('trade'),
    at,
    cost: cost === 0 ? 0 : -cost,
    row: place.row,
  };
  const received = numberIn(required('received'), nameOf('received'), place);
  const signed = (sign: 1 | -1) => {
    if (amount.amount * sign < 0) throw unreadableBill(place, `${nameOf('amount')} has the wrong sign`);
    return { ...amount, amount: Math.abs(amount.amount) };
  };
  switch (common.type) {
    case '交易':
      return { movement: { kind: 'payment', ...common, amount: signed(1) }, received };
    case '退款':
      return {
        movement: { kind: 'refund', ...common, refundNumber: required('refund'), amount: signed(-1) },
        received,
      };
    default:
      return { movement: { kind: 'other', ...common, amount }, received };
  }
};

const checkDay = (text: string, date: ServiceDate, place: BillPlace): void => {
  const match = firstDay.exec(text);
  const day = match && `${match[1]}-${match[2]}-${match[3]}`;
  if (day && day !== date) throw unreadableBill(place, `it is the bill for ${day}`);
};

/** Whether the line is this total. */
const checkTotal = (
  text: string,
  side: Side,
  found: { count: number; received: number },
  place: BillPlace,
): boolean => {
  const match = totalOf[side].exec(text);
  if (!match) return false;
  const [, count = '', sum = ''] = match;
  if (Number(count) !== found.count)
    throw unreadableBill(place, `its total is ${count} ${side}, and the rows are ${found.count}`);
  if (numberIn(sum, `the sum of ${side}`, place) !== found.received)
    throw unreadableBill(place, `its sum of ${side} is ${sum}, and the rows say ${found.received / 1e5}`);
  return true;
};

const summaryColumns = {
  payments: { names: ['交易订单总笔数'] },
  refunds: { names: ['退款订单总笔数'] },
} as const satisfies Record<Side, Column>;

/**
 * Compares the counts in the summary (业务汇总), in its row 合计, with those of the movements. Whether its sums include refunds is not
 * documented; each file of movements has sums of its own.
 */
export const checkSummary = async (
  chunks: AsyncIterable<Uint8Array>,
  counts: AlipayCounts,
  { bill }: BillPlace,
): Promise<void> => {
  let look: Look<Side> | undefined;
  for await (const { row, text } of billLines(chunks, 'gbk', { bill })) {
    const place = { bill, row };
    if (text.startsWith('#') || text.trim() === '') continue;
    const fields = fieldsIn(text);
    if (!look) look = lookIn(fields, summaryColumns, place);
    else if (fields.includes('合计'))
      for (const side of sides) {
        const said = look(fields, side);
        if (said !== String(counts[side]))
          throw unreadableBill(place, `it counts ${said} ${side}, and the movements are ${counts[side]}`);
      }
  }
};

import type { Movement } from '../bill.ts';
import { chinaTime } from '../formats.ts';
import { sellerId } from './keys.ts';

/** The columns of the two files (source: "对账说明" of Alipay's open platform, and published bills of merchants). */
const heading =
  '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,' +
  '支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,' +
  '退款批次号/请求号,服务费（元）,分润（元）,备注';
const summaryHeading =
  '门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,' +
  '服务费（元）,分润（元）,实收净额（元）';

const yuan = (fen: number): string => (fen / 100).toFixed(2);

/** A tab keeps a spreadsheet from rounding long numbers. */
const tabbed = (text = ''): string => `${text}\t`;

/** Alipay separates by commas and quotes nothing. */
const plainText = (text: string): string => text.replaceAll(/[,\r\n"]/g, ' ');

const signOf = ({ kind }: Movement): 1 | -1 => (kind === 'payment' ? 1 : -1);

const rowOf = (movement: Movement): string => {
  const { kind, trade, outTradeNo, tradeNo, refundNo, at, amount, fee } = movement;
  const money = yuan(signOf(movement) * amount);
  return [
    [
      tabbed(tradeNo),
      tabbed(outTradeNo),
      tabbed(kind === 'payment' ? '交易' : '退款'),
      plainText(trade.subject),
    ],
    [
      chinaTime(trade.createdAt),
      chinaTime(at),
      tabbed(),
      tabbed(),
      tabbed(),
      tabbed(),
      tabbed('*客(pas***@keyun.example)'),
    ],
    [money, money, '0.00', '0.00', '0.00', '0.00', '0.00', '', tabbed('0.00'), '0.00'],
    // The costs have the sign with which they change what the seller gets.
    [tabbed(refundNo), yuan(fee === 0 ? 0 : -fee), '0.00', ''],
  ]
    .flat()
    .join(',');
};

const dayText = (date: string): string => {
  const [year, month, day] = date.split('-');
  return `${year}年${month}月${day}日 00:00:00`;
};

type BillOf = { date: string; nextDate: string; movements: readonly Movement[] };

const topOf = (title: string, { date, nextDate }: BillOf): string[] => [
  `#支付宝业务${title}查询`,
  `#账号：[${sellerId}0156]`,
  `#起始日期：[${dayText(date)}]   终止日期：[${dayText(nextDate)}]`,
  `#-----------------------------------------业务${title}列表----------------------------------------`,
];

const sumOf = (movements: readonly Movement[], of: (movement: Movement) => number): number =>
  movements.reduce((sum, movement) => sum + of(movement), 0);

const textOf = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n`;

/** 业务明细: the movements between lines that begin with `#`, and their sums. */
export const detailsOf = (bill: BillOf): string => {
  const [payments, refunds] = (['payment', 'refund'] as const).map((kind) =>
    bill.movements.filter((movement) => movement.kind === kind),
  ) as [Movement[], Movement[]];
  const sum = (of: readonly Movement[]): string => yuan(sumOf(of, (each) => signOf(each) * each.amount));
  return textOf([
    ...topOf('明细', bill),
    heading,
    ...bill.movements.map(rowOf),
    '#-----------------------------------------业务明细列表结束------------------------------------',
    `#交易合计：${payments.length}笔，商家实收共${sum(payments)}元，商家优惠共0.00元`,
    `#退款合计：${refunds.length}笔，商家实收退款共${sum(refunds)}元，商家优惠退款共0.00元`,
    `#导出时间：[${dayText(bill.nextDate).replace('00:00:00', '05:46:49')}]`,
  ]);
};

/** 业务汇总: a row for all shops. */
export const summaryOf = (bill: BillOf): string => {
  const { movements } = bill;
  const count = (kind: Movement['kind']): string =>
    String(movements.filter((movement) => movement.kind === kind).length);
  const net = sumOf(movements, (each) => signOf(each) * each.amount);
  const fees = sumOf(movements, ({ fee }) => -fee);
  const values = [tabbed('合计'), tabbed(), count('payment'), count('refund'), yuan(net), yuan(net)];
  return textOf([
    ...topOf('汇总', bill),
    summaryHeading,
    [...values, '0.00', '0.00', '0.00', yuan(fees), '0.00', yuan(net + fees)].join(','),
    '#----------------------------------------业务汇总列表结束-------------------------------------',
    `#导出时间：[${dayText(bill.nextDate).replace('00:00:00', '05:46:49')}]`,
  ]);
};

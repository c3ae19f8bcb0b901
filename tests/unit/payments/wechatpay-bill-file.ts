/** The heading of the bill `ALL`, as WeChat Pay documents it. */
export const heading =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,' +
  '代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,' +
  '申请退款金额,费率备注';

export const totalHeading =
  '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';

const marked = (values: readonly string[]): string => values.map((value) => `\`${value}`).join(',');

export type Wanted = {
  time?: string;
  number?: string;
  status?: string;
  currency?: string;
  refund?: string;
  refunded?: string;
  refundStatus?: string;
  subject?: string;
  fee?: string;
  total?: string;
};

/** A row: a payment of 553 yuan, unless the test wants something else. */
export const rowOf = ({
  time = '2026-12-01 09:00:00',
  number = 'order-p1',
  status = 'SUCCESS',
  currency = 'CNY',
  refund = '0',
  refunded = '0.00',
  refundStatus = '',
  subject = 'G1 北京南→上海虹桥',
  fee = '3.32000',
  total = '553.00',
}: Wanted = {}): string =>
  marked(
    [
      [time, 'wx0000000000000001', '1900000001', '0', '', '4200000000000000000000000001', number],
      ['oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', 'NATIVE', status, 'OTHERS', currency, total, '0.00'],
      [refund === '0' ? '0' : '50300000000000001', refund, refunded, '0.00'],
      [refund === '0' ? '' : 'ORIGINAL', refundStatus, subject, '', fee, '0.60%', total, refunded, ''],
    ].flat(),
  );

/** The row of a refund of 3 yuan. */
export const refundRow = (wanted: Wanted = {}): string =>
  rowOf({
    status: 'REFUND',
    refund: 'order-p1-item-1',
    refunded: '3.00',
    refundStatus: 'SUCCESS',
    fee: '-0.02000',
    total: '0.00',
    ...wanted,
  });

export const totals = (
  count: number,
  { paid = '0.00', refunded = '0.00', fee = '0.00000' } = {},
): string[] => [totalHeading, marked([String(count), paid, refunded, '0.00', fee, paid, refunded])];

/** A bill of a payment and a part of it that went back. */
export const whole = [
  heading,
  rowOf(),
  refundRow(),
  ...totals(2, { paid: '553.00', refunded: '3.00', fee: '3.30000' }),
];

export const textOf = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n`;

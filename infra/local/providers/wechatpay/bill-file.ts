import type { Movement } from '../bill.ts';
import { chinaTime } from '../formats.ts';
import { appId, buyerOpenId, mchId } from './keys.ts';
import { refundId, tradeTypes } from './transaction.ts';

/** The columns of a bill `ALL` (source: "交易账单详细说明" of WeChat Pay's documentation). */
const heading =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,' +
  '代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,' +
  '申请退款金额,费率备注';
const totalHeading =
  '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';

/** Fen as yuan with so many decimals. */
const yuan = (fen: number, digits = 2): string => (fen / 100).toFixed(digits);

/** Each value has a back-tick before it, so that a spreadsheet does not round long numbers. */
const line = (values: readonly string[]): string => values.map((value) => `\`${value}`).join(',');

const rowOf = ({
  kind,
  trade,
  outTradeNo,
  tradeNo,
  refundNo,
  at,
  amount,
  currency,
  fee,
  state,
}: Movement): string => {
  const isRefund = kind === 'refund';
  const paid = yuan(isRefund ? 0 : amount);
  const back = yuan(isRefund ? amount : 0);
  const { method = '', openid = buyerOpenId } = trade.more ?? {};
  return line(
    [
      [chinaTime(at), appId, mchId, '0', '', tradeNo, outTradeNo, openid, tradeTypes[method] ?? ''],
      [isRefund ? 'REFUND' : (state ?? 'SUCCESS'), 'OTHERS', currency, paid, '0.00'],
      [refundNo === undefined ? '0' : refundId(refundNo), refundNo ?? '0', back, '0.00'],
      isRefund ? ['ORIGINAL', state ?? 'SUCCESS'] : ['', ''],
      [trade.subject, '', yuan(fee, 5), '0.60%', paid, back, ''],
    ].flat(),
  );
};

const sumOf = (movements: readonly Movement[], of: (movement: Movement) => number): number =>
  movements.reduce((sum, movement) => sum + of(movement), 0);

/** The file: UTF-8 with a byte order mark, the movements, and two lines with totals. */
export const wechatpayBill = (movements: readonly Movement[]): string => {
  const paid = yuan(sumOf(movements, ({ kind, amount }) => (kind === 'payment' ? amount : 0)));
  const back = yuan(sumOf(movements, ({ kind, amount }) => (kind === 'refund' ? amount : 0)));
  const fee = yuan(
    sumOf(movements, ({ fee }) => fee),
    5,
  );
  const totals = [String(movements.length), paid, back, '0.00', fee, paid, back];
  const lines = [heading, ...movements.map(rowOf), totalHeading, line(totals)];
  return `\u{FEFF}${lines.join('\r\n')}\r\n`;
};

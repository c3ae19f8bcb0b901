import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { detailsOf, summaryOf } from '../../../infra/local/providers/alipay/bill-file.ts';
import { zipOf } from '../../../infra/local/providers/alipay/bill-zip.ts';
import { percentFee, type Movement } from '../../../infra/local/providers/bill.ts';
import type { Trade } from '../../../infra/local/providers/trade.ts';
import { wechatpayBill } from '../../../infra/local/providers/wechatpay/bill-file.ts';
import { instantOf } from '../../../shared/platform/time.ts';

const start = Date.parse('2026-12-01T00:00:00+08:00');
const at = instantOf(start);

const trade = {
  subject: 'G1 北京南→上海虹桥',
  createdAt: at,
  more: { method: 'native' },
} as unknown as Trade;

const movements = (count: number): Movement[] =>
  Array.from({ length: count }, (_, index): Movement => {
    const number = `01KDA0000000000000${String(index).padStart(8, '0')}_1`;
    const isRefund = index % 10 === 9;
    const amount = 5000 + ((index * 7919) % 90_000);
    const kind = isRefund ? 'refund' : 'payment';
    return {
      kind,
      trade,
      outTradeNo: number,
      tradeNo: `4200${String((index * 104_729) % 1e9).padStart(24, '0')}`,
      ...(isRefund && { refundNo: `${number}-item1` }),
      at: instantOf(start + (index % 86_400) * 1000),
      amount,
      currency: 'CNY',
      fee: percentFee(kind, amount),
    };
  });

/** Writes long bills of one day, as the providers send them; returns what the first answer says of WeChat Pay's. */
export const makeLongBills = async (folder: string, count: number): Promise<{ sha1: string }> => {
  const ofDay = movements(count);
  const bill = { date: '2026-12-01', nextDate: '2026-12-02', movements: ofDay };
  writeFileSync(
    join(folder, 'alipay'),
    await zipOf({ '明细.csv': detailsOf(bill), '汇总.csv': summaryOf(bill) }),
  );
  const plain = wechatpayBill(ofDay);
  writeFileSync(join(folder, 'wechatpay'), gzipSync(plain));
  return { sha1: createHash('sha1').update(plain).digest('hex') };
};

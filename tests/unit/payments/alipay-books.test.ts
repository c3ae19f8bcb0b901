import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBooks } from '../../../infra/local/providers/alipay/books.ts';
import type { Trade } from '../../../infra/local/providers/alipay/trade.ts';
import { now, payment } from './alipay-fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyun-books-'));
afterAll(() => rmSync(folder, { recursive: true }));

const trade: Trade = {
  outTradeNo: payment.paymentId,
  tradeNo: '1',
  subject: 'G1',
  total: 55_300,
  createdAt: now,
  expiresAt: payment.expiresAt,
  notifyUrl: undefined,
  returnUrl: undefined,
  status: 'WAIT_BUYER_PAY',
  slowAnswers: 0,
  refunds: [],
};

test('a line that was cut off when the process was killed is dropped, and what came before stands', () => {
  const books = openBooks(folder);
  books.write({ trade });
  books.write({ trade: { ...trade, status: 'TRADE_SUCCESS', paidAt: now } });
  books.close();
  const file = join(folder, 'alipay-books.jsonl');
  appendFileSync(file, '{"trade":{"outTradeNo":"' + payment.paymentId + '","stat');

  const reopened = openBooks(folder);
  expect(reopened.trade(payment.paymentId)).toMatchObject({ status: 'TRADE_SUCCESS' });
  reopened.write({ trade: { ...trade, outTradeNo: 'another' } });
  reopened.close();
  expect(
    readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .every((line) => JSON.parse(line)),
  ).toBe(true);
  const again = openBooks(folder);
  expect(again.trades()).toHaveLength(2);
  again.close();
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import yauzl from 'yauzl';
import { alipayZipRows } from '../../shared/payments/alipay/bill-zip.ts';
import { serviceDateSchema } from '../../shared/platform/ids.ts';
import { openShop } from './alipay-sandbox-fixture.ts';
import { readBill, seen } from './read-bill.ts';
import { refundOf } from './sandbox-shop.ts';

let shop: Awaited<ReturnType<typeof openShop>>;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

const hours = (count: number): number => count * 3600;
const bill = (date: string) => readBill(shop.provider(), date);
const paid = async () => {
  const payment = await shop.enter();
  await shop.press(payment, 'pay');
  return payment;
};

test('a day has its payments and refunds, and a payment at the last second of a day is in one bill only', async () => {
  const first = await paid();
  // It is nine in the morning in China: to the last second of the day, and one on.
  shop.pass(hours(15) - 1);
  const last = await paid();
  await shop.provider().refund(first, refundOf(first, 300, 'item-1'));
  shop.pass(1);
  const next = await paid();
  await shop.provider().refund(last, refundOf(last));
  shop.pass(hours(24 + 10));
  const rows = ((await bill('2026-12-01')) as never[]).map(seen);
  expect(rows.toSorted((a, b) => a.kind.localeCompare(b.kind))).toEqual([
    { kind: 'payment', number: first.paymentId, at: '2026-12-01T01:00:00.000Z', amount: 55_300, cost: 332 },
    { kind: 'payment', number: last.paymentId, at: '2026-12-01T15:59:59.000Z', amount: 55_300, cost: 332 },
    {
      kind: 'refund',
      number: `${first.paymentId}-item-1`,
      at: '2026-12-01T15:59:59.000Z',
      amount: 300,
      cost: -2,
    },
  ]);
  const ofNext = ((await bill('2026-12-02')) as never[]).map(seen);
  expect(ofNext.toSorted((a, b) => a.kind.localeCompare(b.kind))).toEqual([
    { kind: 'payment', number: next.paymentId, at: '2026-12-01T16:00:00.000Z', amount: 55_300, cost: 332 },
    {
      kind: 'refund',
      number: `${last.paymentId}-whole`,
      at: '2026-12-01T16:00:00.000Z',
      amount: 55_300,
      cost: -332,
    },
  ]);
  expect(await shop.provider().query(first)).toMatchObject({ paidAt: '2026-12-01T01:00:00.000Z' });
});

test('is not ready before its day is over, nor before the morning', async () => {
  await paid();
  expect(await bill('2026-12-01')).toBe('not-ready');
  shop.pass(hours(15));
  expect(await bill('2026-12-01')).toBe('not-ready');
  shop.pass(hours(9));
  expect(await bill('2026-12-01')).toHaveLength(1);
});

test('that is not there is late in the morning, and empty in the evening: Alipay answers both the same', async () => {
  shop.pass(hours(15 + 12));
  expect(await bill('2026-12-01')).toBe('not-ready');
  shop.pass(hours(4));
  expect(await bill('2026-12-01')).toEqual([]);
});

test('that is cut short is no zip, and says so', async () => {
  const payment = await paid();
  await shop.press(payment, 'bill-damaged');
  shop.pass(hours(25));
  await expect(bill('2026-12-01')).rejects.toMatchObject({
    name: 'UnreadableBill',
    message: 'the bill of Alipay for 2026-12-01: the file is no zip, or a damaged one',
  });
});

test('has an address that is good for thirty seconds', async () => {
  await paid();
  shop.pass(hours(25));
  const ask = async () => {
    const read = await shop.provider().bills.read(serviceDateSchema.parse('2026-12-01'));
    return read.outcome === 'accepted' ? read.rows : [];
  };
  const [inTime, tooLate] = [await ask(), await ask()];
  shop.pass(29);
  expect(await Array.fromAsync(inTime)).toHaveLength(1);
  shop.pass(1);
  await expect(Array.fromAsync(tooLate)).rejects.toMatchObject({ name: 'TransientFailure' });
});

test.each([
  ['bill-omits', [55_300]],
  ['bill-twice', [55_300, 55_300, 55_300]],
  ['bill-amount?amount=1', [1, 55_300]],
  ['bill-stranger', [55_300, 55_300, 55_300]],
])('that lies by %s is read as it lies', async (action, amounts) => {
  const payment = await paid();
  await paid();
  await shop.press(payment, action);
  shop.pass(hours(25));
  const rows = (await bill('2026-12-01')) as { amount: { amount: number } }[];
  expect(rows.map(({ amount }) => amount.amount)).toEqual(amounts);
});

test('has no place for a currency or a state', async () => {
  const payment = await paid();
  const asJson = { accept: 'application/json' };
  expect((await shop.press(payment, 'bill-currency?currency=USD', asJson)).status).toBe(409);
  expect((await shop.press(payment, 'bill-state?state=X', asJson)).status).toBe(409);
  const page = await (await fetch(`${shop.sandbox().url}/cashier/${payment.paymentId}`)).text();
  expect(page).toContain('/bill-omits"');
  expect(page).not.toContain('/bill-currency"');
});

test('its own client asks for the address and believes it, and the zip there is what we read', async () => {
  const payment = await paid();
  await shop.provider().refund(payment, refundOf(payment, 300, 'item-1'));
  shop.pass(hours(25));
  const method = 'alipay.data.dataservice.bill.downloadurl.query';
  const timestamp = '2026-12-02 10:00:00';
  const content = { timestamp, bizContent: { bill_type: 'trade', bill_date: '2026-12-01' } };
  const answer = await shop.sdk().exec(method, content, { validateSign: true });
  expect(answer).toMatchObject({ code: '10000' });
  const file = await fetch(String(answer['billDownloadUrl']));
  const bytes = Buffer.from(await file.arrayBuffer());
  const folder = mkdtempSync(join(tmpdir(), 'keyun-alipay-zip-'));
  try {
    const path = join(folder, 'bill.zip');
    writeFileSync(path, bytes);
    const rows = await Array.fromAsync(
      alipayZipRows(path, serviceDateSchema.parse('2026-12-01'), { bill: 'the bill' }),
    );
    expect(rows).toEqual(await bill('2026-12-01'));
    expect(rows).toHaveLength(2);
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(await namesIn(bytes)).toEqual([
    '20880000000000010156_20261201_业务明细.csv',
    '20880000000000010156_20261201_业务明细(汇总).csv',
  ]);
  const unknown = { timestamp, bizContent: { bill_type: 'trade', bill_date: '2026-11-30' } };
  expect(await shop.sdk().exec(method, unknown, { validateSign: true })).toMatchObject({
    subCode: 'isp.bill_not_exist',
  });
});

/** The names are GBK, as a Windows of China writes them. */
const namesIn = async (bytes: Buffer): Promise<string[]> => {
  const zip = await yauzl.fromBufferPromise(bytes, { lazyEntries: true, decodeStrings: false });
  const names: string[] = [];
  await new Promise((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', resolve);
    zip.on('entry', ({ fileNameRaw, generalPurposeBitFlag }: yauzl.Entry) => {
      expect(generalPurposeBitFlag & 0x800).toBe(0);
      names.push(new TextDecoder('gbk', { fatal: true }).decode(fileNameRaw));
      zip.readEntry();
    });
    zip.readEntry();
  });
  return names;
};

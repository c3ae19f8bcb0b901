import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import * as oracle from 'wechatpay-axios-plugin';
import { wechatpayProvider } from '../../shared/payments/wechatpay/provider.ts';
import { wechatpayRows } from '../../shared/payments/wechatpay/bill-file.ts';
import { serviceDateSchema } from '../../shared/platform/ids.ts';
import { millisecondsOf } from '../../shared/platform/time.ts';
import { readBill, seen } from './read-bill.ts';
import { refundOf } from './sandbox-shop.ts';
import { openWechatShop } from './wechatpay-sandbox-fixture.ts';

let shop: Awaited<ReturnType<typeof openWechatShop>>;
beforeEach(async () => {
  shop = await openWechatShop();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await shop.close();
});

const hours = (count: number): number => count * 3600;
const bill = (date: string) => readBill(shop.provider(), date);
const paid = async (action = 'pay') => {
  const { payment } = await shop.begin();
  await shop.press(payment, action);
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
  const inOrder = (rows: ReturnType<typeof seen>[]) => rows.toSorted((a, b) => a.kind.localeCompare(b.kind));
  const ofFirst = [
    { kind: 'payment', number: first.paymentId, at: '2026-12-01T01:00:00.000Z', amount: 55_300, cost: 332 },
    { kind: 'payment', number: last.paymentId, at: '2026-12-01T15:59:59.000Z', amount: 55_300, cost: 332 },
    {
      kind: 'refund',
      number: `${first.paymentId}-item-1`,
      at: '2026-12-01T15:59:59.000Z',
      amount: 300,
      cost: -2,
    },
  ];
  expect(inOrder(((await bill('2026-12-01')) as never[]).map(seen))).toEqual(ofFirst);
  expect(inOrder(((await bill('2026-12-02')) as never[]).map(seen))).toEqual([
    { kind: 'payment', number: next.paymentId, at: '2026-12-01T16:00:00.000Z', amount: 55_300, cost: 332 },
    {
      kind: 'refund',
      number: `${last.paymentId}-whole`,
      at: '2026-12-01T16:00:00.000Z',
      amount: 55_300,
      cost: -332,
    },
  ]);
  const { bills } = shop.provider();
  expect(ofFirst.map(({ at }) => bills.dayOf(at as never))).toEqual(Array(3).fill('2026-12-01'));
  expect(await shop.provider().query(last)).toMatchObject({ paidAt: '2026-12-01T15:59:59.000Z' });
});

test('is not ready before its day is over, nor before the morning, and is not kept for ever', async () => {
  await paid();
  expect(await bill('2026-12-01')).toBe('not-ready');
  expect(await bill('2026-12-24')).toBe('not-ready');
  shop.pass(hours(15));
  expect(await bill('2026-12-01')).toBe('not-ready');
  shop.pass(hours(10));
  expect(await bill('2026-12-01')).toHaveLength(1);
  shop.pass(hours(24 * 92));
  expect(await bill('2026-12-01')).toBe('too-old');
});

test('of a day without movements is empty, but only when it would be there', async () => {
  shop.pass(hours(15));
  expect(await bill('2026-12-01')).toBe('not-ready');
  shop.pass(hours(10));
  expect(await bill('2026-12-01')).toEqual([]);
});

test('with another hash than it was said to have gives no row', async () => {
  const payment = await paid();
  await shop.press(payment, 'bill-damaged');
  shop.pass(hours(25));
  const read = await shop.provider().bills.read(serviceDateSchema.parse('2026-12-01'));
  if (read.outcome === 'rejected') throw new Error(read.reason);
  const rows: unknown[] = [];
  const reading = (async () => {
    for await (const row of read.rows) rows.push(row);
  })();
  await expect(reading).rejects.toMatchObject({ name: 'UnreadableBill' });
  await expect(reading).rejects.toThrow(/the bill of WeChat Pay for 2026-12-01: the SHA-1 of the file is/);
  expect(rows).toEqual([]);
});

test('is downloaded within the time of its address, and leaves no file behind', async () => {
  await paid();
  await paid();
  shop.pass(hours(25));
  // Other tests read bills at the same moment.
  const folder = mkdtempSync(join(os.tmpdir(), 'keyun-own-'));
  jest.spyOn(os, 'tmpdir').mockReturnValue(folder);
  const left = () => readdirSync(folder);
  const ask = async () => {
    const read = await shop.provider().bills.read(serviceDateSchema.parse('2026-12-01'));
    return read.outcome === 'accepted' ? read.rows : [];
  };
  for await (const row of await ask()) {
    expect(row.kind).toBe('payment');
    expect(left()).not.toEqual([]);
    break;
  }
  expect(left()).toEqual([]);
  const rows = await ask();
  shop.pass(300);
  await expect(Array.fromAsync(rows)).rejects.toMatchObject({ name: 'TransientFailure' });
  expect(left()).toEqual([]);
  rmdirSync(folder);
});

test('is not downloaded from an address without TLS, unless it is the gateway’s', async () => {
  await paid();
  shop.pass(hours(25));
  const { secrets } = shop.sandbox();
  const asked: string[] = [];
  const send = (async (url: string, request: RequestInit) => {
    asked.push(new URL(url).origin);
    return fetch(url.replace('https://elsewhere.example', shop.sandbox().url), request);
  }) as typeof fetch;
  const moved = { ...secrets.wechatpay, gateway: 'https://elsewhere.example' };
  const provider = wechatpayProvider({ secret: moved, clock: shop.clock, fetch: send });
  await expect(readBill(provider, '2026-12-01')).rejects.toMatchObject({ name: 'TransientFailure' });
  expect(asked).toEqual(['https://elsewhere.example', shop.sandbox().url.replace('http:', 'https:')]);
});

test.each([
  ['bill-omits', '', []],
  ['bill-twice', '', [55_300, 55_300]],
  ['bill-amount', '?amount=55301', [55_301]],
  ['bill-currency', '?currency=USD', [55_300]],
  ['bill-stranger', '', [55_300, 55_300]],
])('that lies by %s is read as it lies, and the books are as before', async (action, fields, amounts) => {
  const payment = await paid();
  await paid();
  const books = (await shop.books()).trades.map(({ paidAt, total }) => ({ paidAt, total }));
  await shop.press(payment, `${action}${fields}`);
  shop.pass(hours(25));
  const rows = (await bill('2026-12-01')) as { amount: { amount: number; currency: string } }[];
  expect(rows.map(({ amount }) => amount.amount)).toEqual([...amounts, 55_300]);
  if (action === 'bill-currency') expect(rows[0]?.amount.currency).toBe('USD');
  expect((await shop.books()).trades.map(({ paidAt, total }) => ({ paidAt, total }))).toEqual(books);
  await shop.press(payment, 'bill-honest');
  expect(await bill('2026-12-01')).toHaveLength(2);
});

test('can lie about refunds, about states, and about the whole day', async () => {
  const payment = await paid();
  await shop.provider().refund(payment, refundOf(payment, 300, 'item-1'));
  await shop.press(payment, 'bill-amount?amount=1&of=refund');
  await shop.press(payment, 'bill-state?state=CHANGE&of=refund');
  shop.pass(hours(25));
  expect(await bill('2026-12-01')).toMatchObject([
    { kind: 'payment', amount: { amount: 55_300 } },
    { kind: 'refund', amount: { amount: 1 }, state: 'CHANGE' },
  ]);
  await shop.press(payment, 'bill-late');
  expect(await bill('2026-12-01')).toBe('not-ready');
});

test('a lie without its word, or about what is not paid, is refused', async () => {
  const payment = await paid();
  const asJson = { accept: 'application/json' };
  for (const action of ['bill-amount?amount=1.5', 'bill-currency?currency=yuan', 'bill-state'])
    expect((await shop.press(payment, action, asJson)).status).toBe(409);
  const { payment: open } = await shop.begin();
  expect((await shop.press(open, 'bill-omits', asJson)).status).toBe(409);
  const page = await (await fetch(`${shop.sandbox().url}/wechatpay/cashier/${payment.paymentId}`)).text();
  for (const action of ['bill-omits', 'bill-state', 'bill-honest']) expect(page).toContain(`/${action}"`);
});

type Get = (config: object) => Promise<{ data: never; status: number }>;
type Api = { v3: { bill: { tradebill: { get: Get } }; billdownload: { file: { get: Get } } } };

test('its own client downloads the same file as ours, and both see the same rows', async () => {
  const payment = await paid();
  await shop.provider().refund(payment, refundOf(payment, 300, 'item-1'));
  await paid();
  shop.pass(hours(25));
  // The client signs with the time of this machine.
  jest.spyOn(Date, 'now').mockImplementation(() => millisecondsOf(shop.clock()));
  const { mchId, serialNo, privateKey, platformKeys, gateway } = shop.sandbox().secrets.wechatpay;
  const { Wechatpay } = oracle as unknown as { Wechatpay: new (options: object) => Api };
  const options = { mchid: mchId, serial: serialNo, privateKey, certs: platformKeys, baseURL: gateway };
  const api = new Wechatpay(options);
  for (const more of [{ tar_type: 'GZIP' }, {}]) {
    const params = { bill_date: '2026-12-01', bill_type: 'ALL', ...more };
    const { data } = await api.v3.bill.tradebill.get({ params });
    const { download_url, hash_value } = data as { download_url: string; hash_value: string };
    const token = new URL(download_url).searchParams.get('token');
    // What is downloaded has no signature, so the client is told not to look for one.
    const raw = { params: { token }, responseType: 'arraybuffer', transformResponse: [] };
    const file = Buffer.from((await api.v3.billdownload.file.get(raw)).data);
    const plain = 'tar_type' in more ? gunzipSync(file) : file;
    expect(createHash('sha1').update(plain).digest('hex')).toBe(hash_value);
    const rows = await Array.fromAsync(
      wechatpayRows(
        (async function* () {
          yield plain;
        })(),
        { bill: '' },
      ),
    );
    expect(rows).toEqual(await bill('2026-12-01'));
    expect(rows).toHaveLength(3);
    const lines = plain
      .toString()
      .split('\r\n')
      .filter((line) => line.startsWith('`2026'));
    expect(lines.map((line) => line.split(',`')[24])).toEqual(['553.00', '0.00', '553.00']);
  }
});

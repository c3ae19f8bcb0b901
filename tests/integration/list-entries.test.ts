import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { listEntries, type Span } from '../../shared/ledger/entries-store.ts';
import type { JournalEntry } from '../../shared/ledger/model.ts';
import { entryOf } from '../../shared/ledger/rules.ts';
import { readLedger } from '../../shared/ledger/read-ledger.ts';
import { listAnySpan, scanEntries } from '../../shared/ledger/scan-store.ts';
import { putCosts, putEntry } from '../../shared/ledger/store.ts';
import { writeTogether, type Table } from '../../shared/platform/dynamo.ts';
import { orderIdSchema, serviceDateSchema } from '../../shared/platform/ids.ts';
import { instantSchema, plusSeconds, type Instant } from '../../shared/platform/time.ts';
import { ulidOfBytes } from '../../shared/platform/ulid-bytes.ts';
import { testTables, type TestTables } from '../support/dynamo.ts';
import { countingTables } from '../support/counting-table.ts';
import { by } from '../support/faulty-table.ts';
import { sampleCarrier } from '../support/sample-carrier.ts';

let tables: TestTables;
beforeEach(async () => {
  tables = await testTables();
});
afterEach(() => tables.stop());

const instant = (text: string): Instant => instantSchema.parse(text);

/** Orders whose entries are in different shards of a day. */
const orderOf = (n: number) =>
  orderIdSchema.parse(
    ulidOfBytes(Buffer.concat([Buffer.alloc(12, 1), Buffer.from([0, 0, n >> 8, n & 255])])),
  );

const issued = (n: number, at: Instant): JournalEntry =>
  entryOf('issued', {
    orderId: orderOf(n),
    source: orderOf(n),
    amount: { amount: n + 1, currency: 'CNY' },
    at,
  });

const book = async (...entries: JournalEntry[]): Promise<void> => {
  for (let start = 0; start < entries.length; start += 100)
    await writeTogether(
      tables.bookings.client,
      entries
        .slice(start, start + 100)
        .map((entry) => ({ label: 'entry', write: putEntry(tables.bookings, entry) })),
    );
};

const listed = async (span: Span, bookings: Table = tables.bookings): Promise<JournalEntry[]> => {
  const found: JournalEntry[] = [];
  for await (const entry of listEntries(bookings, span)) found.push(entry);
  return found;
};

test('the entries of a span come in the order of their times, from its first instant to before its last', async () => {
  const from = instant('2026-11-30T16:00:00.000Z');
  const until = instant('2026-12-02T16:00:00.000Z');
  const inside = [
    from,
    instant('2026-12-01T23:59:59.999Z'),
    instant('2026-12-02T00:00:00.000Z'),
    plusSeconds(until, -0.001),
  ];
  const outside = [plusSeconds(from, -0.001), until];
  await book(...[...inside, ...outside].map((at, n) => issued(5 * n, at)).toReversed());
  const found = await listed({ from, until });
  expect(found).toEqual(inside.map((at, n) => issued(5 * n, at)));
  expect(await listed({ from: until, until: from })).toEqual([]);
});

test('a day of many pages is listed whole and in order', async () => {
  const from = instant('2026-12-01T00:00:00.000Z');
  // Two shards of more than a page each.
  const entries = Array.from({ length: 1200 }, (_, n) => issued(n * 8, plusSeconds(from, (n * 37) % 86_400)));
  await book(...entries);
  const found = await listed({ from, until: plusSeconds(from, 86_400) });
  expect(found.map(({ at }) => at)).toEqual(entries.map(({ at }) => at).toSorted());
  expect(new Set(found.map(({ entryId }) => entryId)).size).toBe(1200);
}, 60_000);

test('a provider’s costs are among them, with their end', async () => {
  const at = instant('2026-12-02T01:00:00.000Z');
  const costs = entryOf('provider-costs', {
    source: 'alipay-2026-12-01',
    provider: 'alipay',
    amount: { amount: 32, currency: 'CNY' },
    at,
  });
  const write = { label: 'costs', write: putCosts(tables.bookings, costs, sampleCarrier) };
  expect((await writeTogether(tables.bookings.client, [write])).outcome).toBe('written');
  expect((await writeTogether(tables.bookings.client, [write])).outcome).toBe('refused');
  expect(await listed({ from: at, until: plusSeconds(at, 1) })).toEqual([costs]);
});

test('an unreadable entry stops the list, or is given to whoever asks for it', async () => {
  const at = instant('2026-12-01T00:00:00.000Z');
  const span = { from: at, until: plusSeconds(at, 10) };
  const [{ Put: { Item: item } = {} }] = [putEntry(tables.bookings, issued(1, at))];
  await tables.bookings.client.send(
    new PutCommand({ TableName: tables.bookings.name, Item: { ...item, legs: 'none' } }),
  );
  await book(issued(2, plusSeconds(at, 1)));
  await expect(listed(span)).rejects.toThrow('legs');
  const [read, unreadable]: [string[], unknown[]] = [[], []];
  for await (const { source } of listEntries(tables.bookings, span, {
    onUnreadable: ({ sk }) => unreadable.push(sk),
  }))
    read.push(source);
  expect([read, unreadable]).toEqual([[orderOf(2)], [item?.['sk']]]);
});

test('a failure after the first page reaches the reader, and a reader that stops early leaves nothing behind', async () => {
  const at = instant('2026-12-01T00:00:00.000Z');
  await book(...Array.from({ length: 600 }, (_, n) => issued(n * 16, plusSeconds(at, n))));
  const span = { from: at, until: plusSeconds(at, 10 * 86_400) };
  let requests = 0;
  const failing = by(tables.bookings, (command, send) => {
    requests += 1;
    return requests > 70 ? Promise.reject(new Error('the network is gone')) : send(command);
  });
  await expect(listed(span, failing)).rejects.toThrow('the network is gone');
  requests = 0;
  for await (const { at: first } of listEntries(failing, span)) {
    expect(first).toBe(at);
    break;
  }
});

describe('a scan of the books', () => {
  const at = instant('2026-12-01T00:00:00.000Z');
  const until = plusSeconds(at, 86_400);
  const days = [-4000, -1, 0].map((n) => plusSeconds(at, n * 86_400));

  /** The table with pages of so few items that each segment has many. */
  const inSmallPages = (failsAt = Infinity) => {
    let scans = 0;
    return by(tables.bookings, (command, send) => {
      if (!(command instanceof ScanCommand)) return send(command);
      scans += 1;
      command.input.Limit = 5;
      return scans === failsAt ? Promise.reject(new Error('the network is gone')) : send(command);
    });
  };

  test('has each entry before its end once, whatever the pages; a failure on the way reaches the reader', async () => {
    const inside = days.flatMap((day, n) => Array.from({ length: 70 }, (_, m) => issued(100 * n + m, day)));
    await book(...inside, issued(500, until));
    const scanned = async (bookings: Table) => {
      const found: string[] = [];
      for await (const { entryId } of scanEntries(bookings, { until })) found.push(entryId);
      return found.toSorted();
    };
    const expected = inside.map(({ entryId }) => entryId).toSorted();
    expect(await scanned(inSmallPages())).toEqual(expected);
    await expect(scanned(inSmallPages(20))).rejects.toThrow('the network is gone');
  });

  test.each([
    ['a few days', plusSeconds(at, -86_400)],
    ['decades', instant('1990-01-01T12:00:00.000Z')],
    ['years that begin within a day', plusSeconds(at, -4000 * 86_400 + 1)],
  ])('lists %s as if it asked about each', async (_, from) => {
    await book(
      ...days.map((day, n) => issued(n, day)),
      issued(3, plusSeconds(until, -0.001)),
      issued(4, until),
    );
    const found: Instant[] = [];
    for await (const entry of listAnySpan(inSmallPages(), { from, until })) found.push(entry.at);
    expect(found).toEqual([...days, plusSeconds(until, -0.001)].filter((time) => time >= from));
  });

  test('asks about no more than the index and the days with entries, however long the span', async () => {
    const old = instant('0001-02-03T12:00:00.000Z');
    await book(issued(99, old), issued(199, at));
    const counted = countingTables({ bookings: tables.bookings });
    const found: Instant[] = [];
    const span = { from: instant('0001-01-01T00:00:00.000Z'), until: instant('9999-12-31T00:00:00.000Z') };
    for await (const entry of listAnySpan(counted.tables.bookings, span)) found.push(entry.at);
    expect(found).toEqual([old, at]);
    // The index in its segments, and the shard of each of two days.
    expect(counted.sent.length).toBeLessThanOrEqual(8 + 2);
  });

  test('gives balances that begin with the first entry, however old that is, and asks nothing about empty years', async () => {
    const old = instant('2020-02-29T12:00:00.000Z');
    await book(issued(99, old), issued(199, at));
    let requests = 0;
    const counting = by(tables.bookings, (command, send) => {
      requests += 1;
      return send(command);
    });
    const of = (from: string, until: string) =>
      readLedger(counting, {
        from: serviceDateSchema.parse(from),
        until: serviceDateSchema.parse(until),
        timeZone: 'Asia/Shanghai',
      });
    expect((await of('2026-12-01', '2026-12-01')).opening).toMatchObject([
      { account: 'passengers', balance: 100n },
      { account: 'fares', balance: -100n },
    ]);
    const all = await of('1990-01-01', '2090-01-01');
    expect(all).toMatchObject({
      opening: [],
      days: [{ date: '2020-02-29' }, { date: '2026-12-01', lines: [{ debit: 200n, balance: 300n }, {}] }],
      entries: 2,
    });
    expect(all.closing).toMatchObject([
      { account: 'passengers', debit: 300n, credit: 0n, balance: 300n },
      { account: 'fares', debit: 0n, credit: 300n, balance: -300n },
    ]);
    expect(requests).toBeLessThan(100);
  });
});

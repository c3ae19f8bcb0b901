import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { measureLedger } from '../../shared/ledger/measure-ledger.ts';
import type { JournalEntry } from '../../shared/ledger/model.ts';
import { readLedger } from '../../shared/ledger/read-ledger.ts';
import { entryOf } from '../../shared/ledger/rules.ts';
import { putEntry } from '../../shared/ledger/store.ts';
import { writeTogether, type Item } from '../../shared/platform/dynamo.ts';
import { logger } from '../../shared/platform/log.ts';
import { money } from '../../shared/platform/money.ts';
import { orderIdSchema, serviceDateSchema } from '../../shared/platform/ids.ts';
import { instantSchema, plusSeconds } from '../../shared/platform/time.ts';
import { testTables, type TestTables } from '../support/dynamo.ts';
import { keyunIn } from '../support/keyun-command.ts';
import { tableEnvironment } from '../support/table-environment.ts';

// Each command is a process of its own.
jest.setTimeout(60_000);

let tables: TestTables;
beforeEach(async () => {
  tables = await testTables();
});
afterEach(() => tables.stop());

const date = (text: string) => serviceDateSchema.parse(text);
const instant = (text: string) => instantSchema.parse(text);
const orderId = orderIdSchema.parse('01ARZ3NDEKTSV4RRFFQ69G5FAV');
const source = `${orderId}_1`;
const refund = `${source}_whole`;
const amount = money(5330, 'CNY');

/** The last moment of the last of November in Shanghai, and the first of December. */
const [lastMoment, firstMoment] = [instant('2026-11-30T15:59:59.999Z'), instant('2026-11-30T16:00:00.000Z')];
const december2 = instant('2026-12-02T02:00:00.000Z');

const entries = {
  captured: entryOf('captured', { orderId, source, provider: 'alipay', amount, at: lastMoment }),
  issued: entryOf('issued', { orderId, source: orderId, amount, at: firstMoment }),
  granted: entryOf('refund-granted', {
    orderId,
    source: refund,
    amount: money(4000, 'CNY'),
    fee: 330,
    at: december2,
  }),
  refunded: entryOf('refunded', {
    orderId,
    source: refund,
    provider: 'alipay',
    amount: money(4000, 'CNY'),
    at: plusSeconds(december2, 60),
  }),
};

const book = async (...all: JournalEntry[]): Promise<void> => {
  await writeTogether(
    tables.bookings.client,
    all.map((entry) => ({ label: 'entry', write: putEntry(tables.bookings, entry) })),
  );
};

/** Puts an item into the table that no code of ours would write. */
const plant = async (entry: JournalEntry, wrong: Item): Promise<void> => {
  const { Put: { Item: item } = {} } = putEntry(tables.bookings, entry);
  await tables.bookings.client.send(
    new PutCommand({ TableName: tables.bookings.name, Item: { ...item, ...wrong } }),
  );
};

const offByOne = {
  legs: [
    { account: 'passengers', amount: 5330 },
    { account: 'fares', amount: -5329 },
  ],
};
const offTheOtherWay = {
  legs: [
    { account: 'passengers', amount: 5329 },
    { account: 'fares', amount: -5330 },
  ],
};

const ledger = (...words: string[]) =>
  keyunIn(
    { ...tableEnvironment(tables, plusSeconds(december2, 3600)), KEYUN_CARRIER: 'cn-rail' },
    'ledger',
    ...words,
  );

const december = ['--from', '2026-12-01', '--until', '2026-12-05'];

describe('the ledger', () => {
  test('has a day of the carrier’s zone for each on which something moved, and what stood before', async () => {
    await book(...Object.values(entries));
    const found = await readLedger(tables.bookings, {
      from: date('2026-12-01'),
      until: date('2026-12-05'),
      timeZone: 'Asia/Shanghai',
    });
    const texts = (lines: (typeof found)['opening']) =>
      lines.map(({ account, provider = '-', debit, credit, balance }) =>
        [account, provider, debit, credit, balance].join(' '),
      );
    expect(texts(found.opening)).toEqual(['clearing alipay 0 0 5330', 'passengers - 0 0 -5330']);
    expect(found.days.map((day) => [day.date, texts(day.lines)])).toEqual([
      ['2026-12-01', ['passengers - 5330 0 0', 'fares - 0 5330 -5330']],
      [
        '2026-12-02',
        [
          'clearing alipay 0 4000 1330',
          'fares - 4330 0 -1000',
          'fees - 0 330 -330',
          'refunds-payable - 4000 4000 0',
        ],
      ],
    ]);
    expect(texts(found.closing)).toEqual([
      'clearing alipay 0 4000 1330',
      'passengers - 5330 0 0',
      'fares - 4330 5330 -1000',
      'fees - 0 330 -330',
      'refunds-payable - 4000 4000 0',
    ]);
    expect(found).toMatchObject({ entries: 3, wrong: [] });
  });

  test('before the first entry it is empty, and after the last it stands still', async () => {
    await book(...Object.values(entries));
    const of = (from: string, until: string) =>
      readLedger(tables.bookings, { from: date(from), until: date(until), timeZone: 'Asia/Shanghai' });
    expect(await of('2026-11-02', '2026-11-29')).toMatchObject({ opening: [], days: [], closing: [] });
    const later = await of('2027-01-01', '2027-01-31');
    expect(later.days).toEqual([]);
    expect(later.closing).toEqual(later.opening);
    expect(later.opening).toHaveLength(3);
  });
});

describe('keyun ledger', () => {
  test('prints the last seven days for people, in decimals', async () => {
    await book(...Object.values(entries));
    const { code, out, err } = await ledger();
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('from 2026-11-26 to 2026-12-02, by days of Asia/Shanghai');
    expect(out).toMatch(/^2026-11-30\n {2}clearing alipay +53\.30 +0\.00 +53\.30$/m);
    expect(out).toMatch(/^ {2}fees +0\.00 +3\.30 +-3\.30$/m);
    expect(out).toContain('4 entries; debits and credits are equal');
  });

  test('prints the same for programs', async () => {
    await book(...Object.values(entries));
    const { code, out } = await ledger(...december, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      from: '2026-12-01',
      until: '2026-12-05',
      timeZone: 'Asia/Shanghai',
      opening: [
        { account: 'clearing', provider: 'alipay', currency: 'CNY', balance: '53.30' },
        { account: 'passengers', currency: 'CNY', balance: '-53.30' },
      ],
      days: [{ date: '2026-12-01' }, { date: '2026-12-02' }],
      entries: 3,
      wrong: [],
    });
  });

  test('prints the journal as CSV: a row for each leg of these days', async () => {
    await book(...Object.values(entries));
    const { code, out } = await ledger(...december, '--csv');
    expect(code).toBe(0);
    const rows = out.split('\r\n');
    expect(rows).toHaveLength(1 + 2 + 3 + 2 + 1);
    expect(rows[1]).toBe(
      `2026-12-01,00:00:00,${orderId}-issued,issued,${orderId},${orderId},,passengers,53.30,,CNY`,
    );
  });

  test('prints a century as CSV at once, although nothing moved on most of its days', async () => {
    const century = ['--from', '1927-01-01', '--until', '2027-01-01', '--csv'];
    expect((await ledger(...century)).out.split('\r\n')).toHaveLength(1 + 1);
    const at = instant('2020-02-29T12:00:00.000Z');
    await book(
      ...Object.values(entries),
      entryOf('captured', { orderId, source: 'old', provider: 'alipay', amount, at }),
    );
    const { code, out } = await ledger(...century);
    const rows = out.split('\r\n').slice(1, -1);
    expect([code, rows.length]).toEqual([0, 2 + 2 + 2 + 3 + 2]);
    expect(rows.map((row) => row.slice(0, 19))).toEqual(rows.map((row) => row.slice(0, 19)).toSorted());
    expect(rows[0]).toMatch(/^2020-02-29,20:00:00,old-captured,/);
  });

  test.each([
    ['0001-01-01', '2027-12-01'],
    ['0001-01-01', '0001-01-02'],
  ])('prints all that there is from %s to %s', async (from, until) => {
    await book(...Object.values(entries));
    const count = until > '2026' ? 4 : 0;
    const csv = await ledger('--from', from, '--until', until, '--csv');
    expect([csv.code, csv.err, csv.out.split('\r\n').length]).toEqual([0, '', 2 + (count && 9)]);
    const { code, out } = await ledger('--from', from, '--until', until);
    expect([code, out]).toEqual([
      0,
      expect.stringContaining(`${count} entries; debits and credits are equal`),
    ]);
  });

  test('takes the first days that there can be for the seven up to them', async () => {
    const { code, out } = await ledger('--until', '0001-01-01');
    expect([code, out]).toEqual([0, expect.stringContaining('0 entries')]);
  });

  test('says loudly which entries are wrong, and fails, whatever it prints', async () => {
    await book(entries.captured);
    await plant(entries.issued, offByOne);
    await plant(entries.granted, { legs: 'none' });
    for (const words of [[], ['--json'], ['--csv']]) {
      const { code, out, err } = await ledger(...december, ...words);
      expect(code).toBe(1);
      expect(err).toContain(`the entry ${orderId}-issued is off by 0.01 CNY`);
      expect(err).toContain(`the entry ORDER#${orderId} JOURNAL#${refund}-refund-granted cannot be read`);
      expect(err).toContain('THE BOOKS ARE WRONG in 2 entries');
      expect(out).not.toContain('are equal');
    }
    expect((await ledger(...december)).out).toContain('THE BOOKS ARE WRONG');
    // What was wrong before still counts in the balances of today.
    expect((await ledger('--from', '2027-01-01', '--until', '2027-01-02')).code).toBe(1);
  });

  test.each([
    [['--from', '2026-12-02', '--until', '2026-12-01'], 'is after the last'],
    [['--from', 'yesterday'], 'must be a day such as 2026-12-01'],
    [['--until', '2999-12-31'], 'is more than a year away'],
    [['--from', '2900-01-01', '--until', '2999-12-31', '--csv'], 'is more than a year away'],
    [['--until', '9999-12-31', '--csv'], 'is more than a year away'],
    [['--from', '9999-12-31'], 'is after the last'],
    [['--from', '2026-02-30'], 'must be a day such as 2026-12-01'],
    [['--from', '0000-12-31'], 'must be a day such as 2026-12-01'],
    [['--from', ''], 'must be a day such as 2026-12-01'],
    [['--csv', '--json'], 'cannot be used with'],
  ])('refuses %j in a line', async (words, says) => {
    const { code, out, err } = await ledger(...words);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(says);
  });

  test('an empty table has empty books', async () => {
    const { code, out } = await ledger();
    expect([code, out.trimEnd().split('\n').at(-1)]).toEqual([0, '0 entries; debits and credits are equal']);
  });
});

describe('the metric LedgerImbalance', () => {
  const span = { from: instant('2026-11-30T16:00:00.000Z'), until: instant('2026-12-01T16:00:00.000Z') };
  const measured = async () => {
    const written = jest.spyOn(logger, 'info').mockImplementation();
    const told = jest.spyOn(logger, 'error').mockImplementation();
    try {
      const result = await measureLedger({ bookings: tables.bookings, clock: () => december2 })(span);
      return { result, metric: written.mock.calls[0]?.[1], told: told.mock.calls.length };
    } finally {
      jest.restoreAllMocks();
    }
  };

  test('is zero for books that balance, also where there are none', async () => {
    expect((await measured()).metric).toMatchObject({ LedgerImbalance: 0 });
    await book(entries.issued);
    const { result, metric, told } = await measured();
    expect(result).toEqual({ entries: 1, imbalance: 0, wrong: [] });
    expect([metric, told]).toMatchObject([{ LedgerImbalance: 0 }, 0]);
  });

  test('adds what is off whatever its sign, counts what nobody can read, and sees its own days alone', async () => {
    const issued = (n: number) =>
      entryOf('issued', { orderId, source: `${orderId}-${n}`, amount, at: plusSeconds(firstMoment, n) });
    await plant(issued(1), offByOne);
    await plant(issued(2), offTheOtherWay);
    await plant(issued(3), { currency: 'yuan' });
    await plant(entries.refunded, offByOne);
    const { result, metric, told } = await measured();
    expect(result).toMatchObject({ entries: 2, imbalance: 3 });
    expect([metric, told]).toMatchObject([{ LedgerImbalance: 3 }, 3]);
  });
});

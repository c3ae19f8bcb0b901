import fc from 'fast-check';
import { csvField, csvOf } from '../../../shared/ledger/csv.ts';
import type { JournalEntry } from '../../../shared/ledger/model.ts';
import { entryOf } from '../../../shared/ledger/rules.ts';
import { orderIdSchema } from '../../../shared/platform/ids.ts';
import { money } from '../../../shared/platform/money.ts';
import { instantSchema } from '../../../shared/platform/time.ts';

const orderId = orderIdSchema.parse('01ARZ3NDEKTSV4RRFFQ69G5FAV');

async function* each(...entries: JournalEntry[]): AsyncGenerator<JournalEntry> {
  for (const entry of entries) yield await Promise.resolve(entry);
}

const csv = async (entries: AsyncIterable<JournalEntry>, timeZone: string): Promise<string> =>
  (await Array.fromAsync(csvOf(entries, { timeZone }))).join('');

/** Reads RFC 4180, from its grammar and not from our code. */
const parseCsv = (text: string): string[][] => {
  const rows: string[][] = [];
  for (let rest = text, row: string[] = []; rest !== '';) {
    const [whole, quoted, plain, end] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest) ?? [];
    if (whole === undefined) throw new Error(`no CSV: ${rest.slice(0, 40)}`);
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    rest = rest.slice(whole.length);
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
};

test('the journal has a row for each leg, at the times of the carrier, in decimals of the currency', async () => {
  const captured = entryOf('captured', {
    orderId,
    source: `${orderId}_1`,
    provider: 'wechatpay',
    amount: money(5330, 'CNY'),
    at: instantSchema.parse('2026-11-30T16:00:05.999Z'),
  });
  const costs = entryOf('provider-costs', {
    source: 'stripe-2026-11-30',
    provider: 'stripe',
    amount: money(-7, 'JPY'),
    at: instantSchema.parse('2026-12-01T01:00:00.000Z'),
  });
  expect((await csv(each(captured, costs), 'Asia/Shanghai')).split('\r\n')).toEqual([
    'date,time,entry,kind,source,order,provider,account,debit,credit,currency',
    `2026-12-01,00:00:05,${orderId}_1-captured,captured,${orderId}_1,${orderId},wechatpay,clearing,53.30,,CNY`,
    `2026-12-01,00:00:05,${orderId}_1-captured,captured,${orderId}_1,${orderId},wechatpay,passengers,,53.30,CNY`,
    '2026-12-01,09:00:00,stripe-2026-11-30-provider-costs,provider-costs,stripe-2026-11-30,,stripe,clearing,7,,JPY',
    '2026-12-01,09:00:00,stripe-2026-11-30-provider-costs,provider-costs,stripe-2026-11-30,,stripe,costs,,7,JPY',
    '',
  ]);
});

test('whatever a text has, it stays one field, and no spreadsheet computes it', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (texts) => {
      const [read = []] = parseCsv(`${texts.map(csvField).join(',')}\r\n`);
      expect(
        read.map((field, n) =>
          /^'[=+\-@\t\r]/.test(texts[n]!) ? field : field.replace(/^'(?=[=+\-@\t\r])/, ''),
        ),
      ).toEqual(texts);
      for (const field of read) expect(field).not.toMatch(/^[=+\-@\t\r]/);
    }),
  );
});

test('it asks for entries as they are read, and holds none back', async () => {
  let asked = 0;
  async function* endless(): AsyncGenerator<JournalEntry> {
    for (;;) {
      asked += 1;
      const at = instantSchema.parse('2026-12-01T00:00:00.000Z');
      yield await Promise.resolve(
        entryOf('issued', { orderId, source: orderId, amount: money(1, 'CNY'), at }),
      );
    }
  }
  let rows = 0;
  for await (const row of csvOf(endless(), { timeZone: 'UTC' })) {
    rows += row.split('\r\n').length - 1;
    if (rows > 10) break;
  }
  expect(asked).toBe(5);
});

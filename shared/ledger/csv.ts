import type { JournalEntry } from './model.ts';
import { toDecimal } from '../platform/money.ts';
import { inZone } from '../platform/time.ts';

const columns = [
  'date',
  'time',
  'entry',
  'kind',
  'source',
  'order',
  'provider',
  'account',
  'debit',
  'credit',
  'currency',
] as const;

/** What a spreadsheet takes for the start of a formula (source: OWASP, "CSV Injection"). */
const formula = /^[=+\-@\t\r]/;

/** A field of RFC 4180. A text that a spreadsheet would compute gets an apostrophe, which makes it a text. */
export const csvField = (text: string): string => {
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

const csvRow = (fields: readonly string[]): string => `${fields.map(csvField).join(',')}\r\n`;

/** The journal as CSV, a row for each leg: one text for each entry, so that nobody needs to hold them all. */
export async function* csvOf(
  entries: AsyncIterable<JournalEntry>,
  { timeZone }: { timeZone: string },
): AsyncGenerator<string> {
  yield csvRow(columns);
  for await (const entry of entries) yield entry.legs.map((leg) => rowOf(entry, leg, timeZone)).join('');
}

const rowOf = (
  { at, entryId, kind, source, orderId, provider, currency }: JournalEntry,
  { account, amount }: JournalEntry['legs'][number],
  timeZone: string,
): string => {
  const local = inZone(at, timeZone);
  const decimal = toDecimal({ amount: Math.abs(amount), currency });
  return csvRow([
    local.slice(0, 10),
    local.slice(11, 19),
    entryId,
    kind,
    source,
    orderId ?? '',
    provider ?? '',
    account,
    amount > 0 ? decimal : '',
    amount < 0 ? decimal : '',
    currency,
  ]);
};

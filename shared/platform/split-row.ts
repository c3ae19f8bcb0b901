/**
 * The fields of one row of a comma-separated file; `open` if nothing closes its last quote; `stray` if its quotes leave
 * it unclear where a field ends.
 */
export type SplitRow = { fields: string[] } | 'open' | 'stray';

/**
 * Splits a row by the usual rules (RFC 4180): commas separate, quotes enclose fields that contain commas, and a quote
 * in quotes is doubled. Blanks around quotes do not count; quotes inside a field without quotes are text.
 */
export const splitRow = (row: string): SplitRow => {
  if (!row.includes('"')) return { fields: row.split(',') };
  const fields: string[] = [];
  for (let at = 0; at <= row.length;) {
    const field = nextField(row, at, closingQuote);
    if (typeof field === 'string') return field;
    fields.push(field.text);
    at = field.next;
  }
  return { fields };
};

/**
 * Splits a row in which quotes inside quotes are not doubled, as in `"Casa "La Torre"",31.0`: a field that begins with
 * a quote ends at the next quote before a comma. The caller must check the number of fields.
 */
export const splitStrayRow = (row: string): SplitRow => {
  const fields: string[] = [];
  for (let at = 0; at <= row.length;) {
    const field = nextField(row, at, quoteBeforeComma);
    if (typeof field === 'string') return field;
    fields.push(field.text);
    at = field.next;
  }
  return { fields };
};

type Field = { text: string; next: number };
/** The place of the quote that closes a field; -1 if none does. */
type FindClosing = (row: string, from: number) => number;

const nextField = (row: string, at: number, findClosing: FindClosing): Field | 'open' | 'stray' => {
  const start = skipBlanks(row, at);
  if (row[start] !== '"') {
    const comma = row.indexOf(',', at);
    const end = comma < 0 ? row.length : comma;
    return { text: row.slice(at, end), next: end + 1 };
  }
  const closing = findClosing(row, start + 1);
  if (closing < 0) return 'open';
  const end = skipBlanks(row, closing + 1);
  if (end < row.length && row[end] !== ',') return 'stray';
  return { text: row.slice(start + 1, closing).replaceAll('""', '"'), next: end + 1 };
};

const skipBlanks = (row: string, from: number): number => {
  let at = from;
  while (row[at] === ' ' || row[at] === '\t') at += 1;
  return at;
};

const closingQuote: FindClosing = (row, from) => {
  let at = row.indexOf('"', from);
  while (at >= 0 && row[at + 1] === '"') at = row.indexOf('"', at + 2);
  return at;
};

const quoteBeforeComma: FindClosing = (row, from) => {
  let at = row.indexOf('"', from);
  while (at >= 0) {
    const end = skipBlanks(row, at + 1);
    if (end >= row.length || row[end] === ',') return at;
    at = row.indexOf('"', at + 1);
  }
  return -1;
};

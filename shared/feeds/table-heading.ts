import { UnreadableFile } from './problems.ts';
import { splitRow } from '../platform/split-row.ts';

/** Separators that spreadsheets use in some countries. GTFS allows only the comma. */
const otherSeparators: readonly (readonly [separator: string, name: string])[] = [
  [';', 'semicolons'],
  ['\t', 'tabs'],
  ['|', 'vertical bars'],
];

/** The name of a column for look-ups: case, blanks and quotes do not count. */
const columnName = (field: string): string =>
  field
    .replaceAll(/[\s\u{FEFF}\u{200B}"]+/gu, ' ')
    .trim()
    .toLowerCase()
    .replaceAll(' ', '_');

/**
 * The columns of a heading, each with its place. Throws UnreadableFile if a column occurs twice or a required one is
 * missing.
 */
export const columnsOf = (
  file: string,
  line: number,
  heading: string,
  required: readonly string[],
): ReadonlyMap<string, number> => {
  const split = splitRow(heading);
  const fields = typeof split === 'string' ? heading.split(',') : split.fields;
  const columns = new Map<string, number>();
  for (const [at, field] of fields.entries()) {
    const name = columnName(field);
    if (columns.has(name)) throw new UnreadableFile(file, line, `the column ${name} occurs twice`);
    columns.set(name === '' ? `(column ${at + 1})` : name, at);
  }
  const missing = required.filter((name) => !columns.has(name));
  if (missing.length > 0) throw new UnreadableFile(file, line, missingText(heading, missing, required));
  return columns;
};

const missingText = (heading: string, missing: readonly string[], required: readonly string[]): string => {
  const other = otherSeparators.find(([separator]) => {
    const names = heading.split(separator).map(columnName);
    return names.length > 1 && required.some((name) => names.includes(name));
  });
  if (other && required.length > 1) {
    return `is separated by ${other[1]}, and GTFS separates by commas: save it with commas`;
  }
  if (/[\u{FFFD}\0]/u.test(heading)) return 'is not UTF-8 text: save it as UTF-8';
  return `lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`;
};

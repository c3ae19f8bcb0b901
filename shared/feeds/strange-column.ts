import type { Row } from './read-table.ts';

/** Columns that say something of a row for people, and change nothing of what it means. */
const describing =
  /(?:^|_)(?:name|desc|description|comment|comments|note|notes|url|color|colour|sort_order)$/;

/** A column with a value in this row that nobody here knows: it may narrow where, when or for whom the row holds. */
export const strangeColumnOf = ({ columns, text }: Row, known: ReadonlySet<string>): string | undefined =>
  columns.find((column) => !known.has(column) && !describing.test(column) && text(column) !== '');

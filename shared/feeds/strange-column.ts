import type { Row } from './read-table.ts';

/** Columns with notes for people, which do not change the meaning of a row. */
const describing =
  /(?:^|_)(?:name|desc|description|comment|comments|note|notes|url|color|colour|sort_order)$/;

/** A column that we do not know, with a value in this row: it may narrow where, when or for whom the row applies. */
export const strangeColumnOf = ({ columns, text }: Row, known: ReadonlySet<string>): string | undefined =>
  columns.find((column) => !known.has(column) && !describing.test(column) && text(column) !== '');

import type { Readable } from 'node:stream';
import { UnreadableFile, type ProblemList } from './problems.ts';
import { splitRow, splitStrayRow } from '../platform/split-row.ts';
import { columnsOf } from './table-heading.ts';
import { linesOf } from './text-lines.ts';

/** A row of a table. It is valid only until the callback that receives it returns. */
export type Row = {
  /** The line on which the row begins; the heading is line 1. */
  line: number;
  /** The trimmed text of a column; empty if the file lacks the column or the row ends before it. */
  text: (column: string) => string;
  /** The columns of the heading, in its order; one without a name is `(column 3)`. */
  columns: readonly string[];
};

export type TableShape = {
  file: string;
  required: readonly string[];
  /** Then a file without a heading counts as a file without rows. */
  mayBeEmpty?: boolean;
  /** Called now and then with the number of rows read. */
  onProgress?: (rows: number) => void;
};

const progressEvery = 10_000;
/** A quote that nothing closes would swallow the rest of the file. GTFS allows no line breaks in fields at all. */
const linesPerRowMax = 50;
/** If a larger share of the rows is not UTF-8, the whole file has another encoding. */
const foreignShareMax = 0.01;

/**
 * Reads a comma-separated file row by row, and leaves out rows that it cannot read with certainty. Rows without any
 * text do not count. Throws UnreadableFile if there is no heading, a required column is missing, or the file is not
 * UTF-8. Returns the number of rows.
 */
export const readTable = async (
  { file, required, mayBeEmpty = false, onProgress }: TableShape,
  stream: Readable,
  problems: ProblemList,
  onRow: (row: Row) => void,
): Promise<number> => {
  let columns: ReadonlyMap<string, number> | undefined;
  let names: readonly string[] = [];
  let fields: string[] = [];
  let [rows, foreign] = [0, 0];
  const text = (column: string): string => {
    const at = columns?.get(column);
    return at === undefined ? '' : (fields[at] ?? '').trim();
  };
  const take = (line: number, read: string[] | string): void => {
    if (typeof read !== 'string' && read.every((field) => field.trim() === '')) return;
    rows += 1;
    if (rows % progressEvery === 0) onProgress?.(rows);
    const fault = typeof read === 'string' ? read : rowFault(read, columns?.size ?? 0);
    if (fault === notText) foreign += 1;
    if (fault)
      return problems.leaveOut('row', undefined, { kind: 'unreadable-row', file, line, reason: fault });
    fields = typeof read === 'string' ? [] : read;
    return onRow({ line, text, columns: names });
  };
  const join = rowJoiner((fieldCount) => fieldCount === columns?.size, take);
  let line = 0;
  onProgress?.(0);
  for await (const lines of linesOf(file, stream)) {
    for (const content of lines) {
      line += 1;
      if (columns) join.push(line, content);
      else if (content.trim() !== '') {
        columns = columnsOf(file, line, content, required);
        names = [...columns.keys()];
      }
    }
  }
  join.end();
  if (!columns && !mayBeEmpty) throw new UnreadableFile(file, undefined, 'is empty');
  if (foreign > 1 && foreign > rows * foreignShareMax) throw foreignText(file);
  return rows;
};

const notText = 'has bytes that are not UTF-8 text';

const foreignText = (file: string): UnreadableFile => {
  const reason = 'is not UTF-8 text, perhaps Latin-1 or another old encoding: save it as UTF-8';
  return new UnreadableFile(file, undefined, reason);
};

/** Why the fields of a row do not fit its heading. */
const rowFault = (fields: readonly string[], columns: number): string | undefined => {
  if (fields.length > columns && fields.slice(columns).some((field) => field.trim() !== '')) {
    return `has ${fields.length} fields, and the heading has ${columns}`;
  }
  return fields.some((field) => field.includes('\u{FFFD}')) ? notText : undefined;
};

type Pending = { line: number; content: string };
type Take = (line: number, fields: string[] | string) => void;

/**
 * Joins lines into rows. A field in quotes may contain line breaks; if no quote closes it within some lines, its first
 * line is wrong, and the lines after it are rows of their own.
 */
const rowJoiner = (isWhole: (fields: number) => boolean, take: Take) => {
  let pending: Pending[] = [];
  const unclosed = 'has a quote that is not closed';
  const push = (line: number, content: string): void => {
    if (pending.length > 0) return extend({ line, content });
    const split = splitRow(content);
    if (split === 'open') pending = [{ line, content }];
    else if (split === 'stray') takeStray(line, content);
    else take(line, split.fields);
  };
  const takeStray = (line: number, content: string): void => {
    const split = splitStrayRow(content);
    const isCertain = typeof split !== 'string' && isWhole(split.fields.length);
    take(line, isCertain ? split.fields : 'has quotes that are not doubled inside quotes');
  };
  const extend = (next: Pending): void => {
    pending.push(next);
    if (!next.content.includes('"')) return pending.length > linesPerRowMax ? giveUp() : undefined;
    const [first] = pending;
    const split = splitRow(pending.map(({ content }) => content).join('\n'));
    if (split === 'open' && pending.length <= linesPerRowMax) return undefined;
    if (typeof split === 'string' || !isWhole(split.fields.length) || !first) return giveUp();
    pending = [];
    return take(first.line, split.fields);
  };
  const giveUp = (): void => {
    const [first, ...others] = pending;
    pending = [];
    if (!first) return;
    const stray = splitStrayRow(first.content);
    if (typeof stray !== 'string' && isWhole(stray.fields.length)) take(first.line, stray.fields);
    else take(first.line, unclosed);
    for (const { line, content } of others) push(line, content);
  };
  const end = (): void => {
    while (pending.length > 0) giveUp();
  };
  return { push, end };
};

import { CsvError, parse } from 'csv-parse';
import { Readable } from 'node:stream';
import { UnreadableFile, type ProblemList } from './problems.ts';

/** A row of a table. It is valid only until the callback that receives it returns. */
export type Row = {
  /** The line on which the row ends; the heading is line 1. */
  line: number;
  /** The trimmed text of a column; empty if the file lacks the column or the row ends before it. */
  text: (column: string) => string;
};

export type TableShape = {
  file: string;
  required: readonly string[];
  /** A file without a heading is then one without rows. */
  mayBeEmpty?: boolean;
  /** Called now and then with the number of rows read. */
  onProgress?: (rows: number) => void;
};

const progressEvery = 10_000;
/** Without this limit, a quote that nothing closes would swallow the rest of the file. */
const rowBytesMax = 64 * 1024;

/** An error of the disk or of a damaged zip is reported as a fault of the file. */
async function* chunksOf(file: string, stream: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    throw new UnreadableFile(file, undefined, `cannot be read: ${(error as Error).message}`);
  }
}

/** UTF-8 text without byte order mark and with `\n` alone, so that line numbers match those of an editor. */
async function* textOf(file: string, stream: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let carried = '';
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch {
      throw new UnreadableFile(file, undefined, 'is not UTF-8 text');
    }
  };
  for await (const chunk of chunksOf(file, stream)) {
    const text = carried + decode(chunk);
    // The next chunk may begin with the other half of a CRLF.
    carried = text.endsWith('\r') ? '\r' : '';
    yield text.slice(0, text.length - carried.length).replace(/\r\n?/g, '\n');
  }
  yield (carried + decode()).replace(/\r\n?/g, '\n');
}

/**
 * Reads a comma-separated file row by row. Reports and skips rows with more fields than the heading. Throws
 * UnreadableFile if there is no heading, a required column is missing or the text is not CSV. Returns the number of rows.
 */
export const readTable = async (
  { file, required, mayBeEmpty = false, onProgress }: TableShape,
  stream: Readable,
  problems: ProblemList,
  onRow: (row: Row) => void,
): Promise<number> => {
  const parser = parse({
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    record_delimiter: '\n',
    max_record_size: rowBytesMax,
  });
  let columns: Map<string, number> | undefined;
  let cells: string[] = [];
  let rows = 0;
  const text = (column: string): string => {
    const at = columns?.get(column);
    return at === undefined ? '' : (cells[at] ?? '').trim();
  };
  onProgress?.(0);
  try {
    const records = Readable.from(textOf(file, stream)).on('error', (error) => parser.destroy(error));
    for await (const { record, info } of records.pipe(parser) as AsyncIterable<ParsedRecord>) {
      if (!columns) {
        columns = columnsOf(file, record, required);
        continue;
      }
      rows += 1;
      if (rows % progressEvery === 0) onProgress?.(rows);
      cells = record;
      if (record.length > columns.size && record.slice(columns.size).some((cell) => cell.trim() !== '')) {
        const reason = `has ${record.length} fields, the heading has ${columns.size}`;
        problems.leaveOut('row', undefined, { kind: 'too-many-fields', file, line: info.lines, reason });
        continue;
      }
      onRow({ line: info.lines, text });
    }
  } catch (error) {
    if (error instanceof CsvError) throw new UnreadableFile(file, lineOf(error), `${error.message}`);
    throw error;
  }
  if (!columns && !mayBeEmpty) throw new UnreadableFile(file, undefined, 'is empty');
  return rows;
};

type ParsedRecord = { record: string[]; info: { lines: number } };

const lineOf = (error: CsvError): number | undefined => {
  const { lines } = error as { lines?: unknown };
  return typeof lines === 'number' ? lines : undefined;
};

const columnsOf = (
  file: string,
  heading: readonly string[],
  required: readonly string[],
): Map<string, number> => {
  const columns = new Map<string, number>();
  for (const [at, cell] of heading.entries()) {
    const name = cell.trim();
    if (columns.has(name) && name !== '') {
      throw new UnreadableFile(file, 1, `the column ${name} occurs twice`);
    }
    columns.set(name === '' ? `(column ${at + 1})` : name, at);
  }
  const missing = required.filter((name) => !columns.has(name));
  if (missing.length > 0) {
    throw new UnreadableFile(
      file,
      1,
      `lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`,
    );
  }
  return columns;
};

import { Readable } from 'node:stream';
import { problemLines, problemList } from '../../../shared/feeds/problems.ts';
import { readTable } from '../../../shared/feeds/read-table.ts';
import { splitRow } from '../../../shared/platform/split-row.ts';

const read = async (content: string | Buffer, { chunk = 7, mayBeEmpty = false } = {}) => {
  const problems = problemList();
  const bytes = Buffer.from(content);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, n) =>
    bytes.subarray(n * chunk, (n + 1) * chunk),
  );
  const rows: string[] = [];
  const shape = { file: 'x.txt', required: ['id', 'name'], mayBeEmpty };
  const count = await readTable(shape, Readable.from(chunks), problems, ({ line, text }) => {
    rows.push(`${line} ${text('id')}|${text('name')}|${text('more')}`);
  });
  return { rows, count, leftOut: problemLines(problems.byKind('leftOut')) };
};
const heading = 'id,name,more';
const table = (...rows: string[]): string => [heading, ...rows].join('\n');

describe('rows', () => {
  test.each([
    ['with quotes not doubled inside quotes', 'A,"Casa "La Torre"",1', 'A|Casa "La Torre"|1'],
    ['with quotes inside a field without quotes', 'A,Rsa "S. Carlo" Nord,1', 'A|Rsa "S. Carlo" Nord|1'],
    ['with blanks after a quote', 'A,"Nord, Süd"  ,1', 'A|Nord, Süd|1'],
    ['with blanks before a quote', 'A, "Nord, Süd",1', 'A|Nord, Süd|1'],
    ['with doubled quotes', 'A,"say ""hi"", please",1', 'A|say "hi", please|1'],
    ['with a quote that is text at its end', 'A,5" line,1', 'A|5" line|1'],
    ['with nothing but quotes in a field', 'A,"",1', 'A||1'],
    ['that are short', 'A,Nord', 'A|Nord|'],
    ['with empty fields behind the last', 'A,Nord,1,,,', 'A|Nord|1'],
  ])('%s are read', async (_, row, expected) => {
    expect(await read(table(row, 'B,Ost,2'))).toEqual({
      rows: [`2 ${expected}`, '3 B|Ost|2'],
      count: 2,
      leftOut: [],
    });
  });

  test('without any text are none', async () => {
    const { rows, count, leftOut } = await read(
      table(',,', '  ,  ,', '"","",""', '', ' ', ',,,,,,', 'A,Nord,1', ',,'),
    );
    expect([rows, count, leftOut]).toEqual([['8 A|Nord|1'], 1, []]);
  });

  test('with a line end in quotes are one row, told by its first line', async () => {
    const { rows } = await read(table('A,"Nord', 'Süd",1', 'B,Ost,2'));
    expect(rows).toEqual(['2 A|Nord\nSüd|1', '4 B|Ost|2']);
  });

  test.each([
    ['a quote that is never closed', ['A,"Nord,1'], 'has a quote that is not closed'],
    [
      'one that the quotes of another row would close',
      ['A,"Nord,1', 'Q,"Süd",3'],
      'has a quote that is not closed',
    ],
    [
      'quotes and commas in quotes',
      ['A,"Nord "und", Süd",1,2'],
      'has quotes that are not doubled inside quotes',
    ],
    ['too many fields', ['A,Nord,1,2'], 'has 4 fields, and the heading has 3'],
  ])('with %s are left out alone', async (_, wrong, reason) => {
    const { rows, leftOut } = await read(
      table(...wrong, ...Array.from({ length: 60 }, (_, n) => `B${n},Ost,2`)),
    );
    expect(leftOut).toEqual([`x.txt:2: ${reason}: the row is left out`]);
    expect(rows.slice(-60)).toHaveLength(60);
    expect(rows.filter((row) => row.includes('B'))).toHaveLength(60);
  });
});

describe('lines', () => {
  test.each(['\n', '\r\n', '\r'])('may end with %j', async (end) => {
    const content = [heading, 'A,Nord,1', '', 'B,Ost,2', ''].join(end);
    for (const chunk of [1, 2, 3, 13]) {
      expect((await read(content, { chunk })).rows).toEqual(['2 A|Nord|1', '4 B|Ost|2']);
    }
  });

  test('may be UTF-16 where a byte order mark says so', async () => {
    const little = Buffer.from(`\u{FEFF}${table('A,Łódź,1')}`, 'utf16le');
    expect((await read(little)).rows).toEqual(['2 A|Łódź|1']);
    expect((await read(little.swap16())).rows).toEqual(['2 A|Łódź|1']);
  });

  test('that are not UTF-8 are left out, and a file of them is refused', async () => {
    const row = (name: string) => Buffer.from(`A,${name},1\n`, 'latin1');
    const good = Buffer.from('B,Ost,2\n'.repeat(300));
    const start = Buffer.from(`${heading}\n`);
    const one = await read(Buffer.concat([start, row('Süd'), good]));
    expect([one.rows.length, one.leftOut]).toEqual([
      300,
      ['x.txt:2: has bytes that are not UTF-8 text: the row is left out'],
    ]);
    await expect(read(Buffer.concat([start, row('Süd'), row('Köln'), row('Ost')]))).rejects.toThrow(
      'is not UTF-8 text, perhaps Latin-1 or another old encoding: save it as UTF-8',
    );
  });
});

describe('headings', () => {
  test.each([
    'ID, Name ,MORE',
    '\u{FEFF}"id","name","more"',
    ' id,name,more ',
    '\n\nid,name,more',
    ',id,name,more'.slice(1),
  ])('are found in %j', async (written) => {
    expect((await read(`${written}\nA,Nord,1\n`)).rows.map((row) => row.slice(2))).toEqual(['A|Nord|1']);
  });

  test.each([
    ['id;name;more\nA;B;C', 'is separated by semicolons, and GTFS separates by commas'],
    ['id\tname\tmore\nA\tB\tC', 'is separated by tabs, and GTFS separates by commas'],
    ['id,name,Name\nA,B,C', 'the column name occurs twice'],
    ['id,nmae\nA,B', 'lacks the column name'],
    ['\n\n', 'is empty'],
    ['\u{FEFF}', 'is empty'],
    ['', 'is empty'],
  ])('of %j are refused', async (content, reason) => {
    await expect(read(content)).rejects.toThrow(reason);
  });

  test('may be missing where a file may be empty', async () => {
    for (const content of ['', '\u{FEFF}', '\r\n', heading]) {
      expect(await read(content, { mayBeEmpty: true })).toEqual({ rows: [], count: 0, leftOut: [] });
    }
  });
});

test('a row that is written by the rules is split as it was meant', () => {
  const cells = ['', 'a', 'a,b', '"', '""', 'say "hi"', ' ', 'x"y', '","'];
  for (const a of cells) {
    for (const b of cells) {
      const row = [a, b].map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
      expect(splitRow(row)).toEqual({ fields: [a, b] });
    }
  }
});

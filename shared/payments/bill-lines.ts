import { unreadableBill, type BillPlace } from './bill.ts';

/** A longer line is no row of a bill. */
const lineBytesMax = 64 * 1024;

export type BillLine = { row: number; text: string };

const lineFeed = 0x0a;

/**
 * The lines of a bill, without byte order mark and line ends, each with its number from 1. Throws for a line that is too long or
 * whose bytes are no text in the encoding; each line is decoded by itself, so that the error can name it (a line feed is part of
 * no other character in UTF-8 and GBK).
 */
export async function* billLines(
  chunks: AsyncIterable<Uint8Array>,
  encoding: 'utf-8' | 'gbk',
  { bill }: BillPlace,
): AsyncGenerator<BillLine> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let carried = Buffer.alloc(0);
  let row = 0;
  const lineOf = (bytes: Uint8Array): BillLine => {
    row += 1;
    if (bytes.length > lineBytesMax)
      throw unreadableBill({ bill, row }, `it has more than ${lineBytesMax} bytes`);
    try {
      return { row, text: decoder.decode(bytes).replace(/\r$/, '') };
    } catch (cause) {
      throw unreadableBill({ bill, row }, `it has bytes that are not ${encoding.toUpperCase()} text`, cause);
    }
  };
  for await (const chunk of chunks) {
    const bytes = carried.length > 0 ? Buffer.concat([carried, chunk]) : Buffer.from(chunk);
    let start = 0;
    for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, start)) {
      yield lineOf(bytes.subarray(start, end));
      start = end + 1;
    }
    carried = Buffer.from(bytes.subarray(start));
    if (carried.length > lineBytesMax)
      throw unreadableBill({ bill, row: row + 1 }, `it has more than ${lineBytesMax} bytes`);
  }
  if (carried.length > 0) yield lineOf(carried);
}

import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import yauzl from 'yauzl';
import { checkedBytes } from '../../platform/checked-bytes.ts';
import type { ServiceDate } from '../../platform/ids.ts';
import { ZipReader } from '../../platform/zip-reader.ts';
import { unreadableBill, type BillPlace, type BillRow } from '../bill.ts';
import { billTextBytesMax, bounded } from '../bill-file.ts';
import { billLines } from '../bill-lines.ts';
import { alipayRows, checkSummary, type AlipayCounts } from './bill-file.ts';

/** A zip beyond these limits is a bomb or no bill. Bills compress by 10 to 30. */
const entriesMax = 50;
const ratioMax = 200;
const ratioMattersFromBytes = 1024 ** 2;

/** The first line of a file says what it is; the names in the zip are GBK and have changed over the years. */
const kinds = { '#支付宝业务明细查询': 'details', '#支付宝业务汇总查询': 'summary' } as const;

/** The movements in the zip of a day: its files of details one after the other; then its summary must agree with them. */
export async function* alipayZipRows(
  path: string,
  date: ServiceDate,
  place: BillPlace,
): AsyncGenerator<BillRow> {
  const { size } = await stat(path);
  const options = { autoClose: false, lazyEntries: true, decodeStrings: false };
  const zip = await yauzl
    .fromRandomAccessReaderPromise(new ZipReader(path), size, options)
    .catch((cause: unknown) => {
      throw unreadableBill(place, 'the file is no zip, or a damaged one', cause);
    });
  try {
    const files: File[] = [];
    for (const entry of await entriesOf(zip, place)) files.push(await kindOf(zip, entry, place));
    const details = files.filter(({ kind }) => kind === 'details');
    if (details.length === 0) throw unreadableBill(place, 'the zip has no file of movements (业务明细)');
    const counts: AlipayCounts = { payments: 0, refunds: 0 };
    for (const { entry } of details)
      yield* alipayRows(bytesOf(zip, entry, place), { date, counts, bill: place.bill });
    for (const { kind, entry } of files)
      if (kind === 'summary')
        await checkSummary(bytesOf(zip, entry, place), counts, { bill: `${place.bill}, summary` });
  } finally {
    zip.close();
  }
}

const entriesOf = (zip: yauzl.ZipFile, place: BillPlace): Promise<yauzl.Entry[]> =>
  new Promise((resolve, reject) => {
    const entries: yauzl.Entry[] = [];
    const fail = (why: string, cause?: unknown): void => reject(unreadableBill(place, why, cause));
    zip.on('error', (cause: Error) => fail('the list of files in the zip cannot be read', cause));
    zip.on('end', () => resolve(entries));
    zip.on('entry', (entry: yauzl.Entry) => {
      const { uncompressedSize: plain, compressedSize: packed } = entry;
      if (entries.length >= entriesMax) return fail(`the zip has more than ${entriesMax} files`);
      if (plain > billTextBytesMax || (plain > ratioMattersFromBytes && plain > packed * ratioMax))
        return fail('the zip unpacks to more than a bill: it looks like a bomb');
      if (plain > 0) entries.push(entry);
      return zip.readEntry();
    });
    zip.readEntry();
  });

type File = { entry: yauzl.Entry; kind: 'details' | 'summary' | undefined };

const kindOf = async (zip: yauzl.ZipFile, entry: yauzl.Entry, place: BillPlace): Promise<File> => {
  for await (const { text } of billLines(bytesOf(zip, entry, place), 'gbk', place)) {
    const kind = Object.entries(kinds).find(([name]) => text.trim() === name)?.[1];
    return { entry, kind };
  }
  return { entry, kind: undefined };
};

/** yauzl ends with an error if an entry turns out larger than it says. */
async function* bytesOf(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  place: BillPlace,
): AsyncGenerator<Uint8Array> {
  const damaged = (how: string, cause?: unknown): Error =>
    unreadableBill(place, `a file in the zip is damaged: ${how}`, cause);
  const stream: Readable = await zip.openReadStreamPromise(entry).catch((cause: unknown) => {
    throw damaged('it cannot be unpacked', cause);
  });
  try {
    yield* bounded(checkedBytes(stream as AsyncIterable<Buffer>, entry.crc32, damaged), place);
  } finally {
    stream.destroy();
  }
}

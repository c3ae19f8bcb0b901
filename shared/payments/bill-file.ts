import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { unreadableBill, type BillPlace, type BillRow } from './bill.ts';

/** A bill as it is downloaded: hundreds of thousands of movements, or somebody's mistake. */
export const billFileBytesMax = 200 * 1024 ** 2;
/** What comes out of it: more is a bomb. */
export const billTextBytesMax = 2 * 1024 ** 3;

/** Reads a bill by way of a file, which is gone when the reader stops. */
export const byFile = async function* (
  download: (path: string) => Promise<void>,
  read: (path: string) => AsyncIterable<BillRow>,
): AsyncGenerator<BillRow> {
  const folder = await mkdtemp(join(tmpdir(), 'keyun-bill-'));
  try {
    const path = join(folder, 'bill');
    await download(path);
    yield* read(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const gzipMark = Buffer.from([0x1f, 0x8b]);

const isGzip = async (path: string): Promise<boolean> => {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer.equals(gzipMark);
  } finally {
    await file.close();
  }
};

/** The bytes of a plain file, or of one that is packed by gzip. Throws for a damaged or endless one. */
export const unpacked = async function* (path: string, place: BillPlace): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path);
  const bytes = (await isGzip(path)) ? file.compose(createGunzip()) : file;
  try {
    yield* bounded(bytes as AsyncIterable<Uint8Array>, place);
  } catch (cause) {
    throw isUnreadable(cause)
      ? cause
      : unreadableBill(place, 'the file cannot be unpacked to its end', cause);
  } finally {
    file.destroy();
  }
};

/** Ends what is larger than any bill. */
export const bounded = async function* (
  chunks: AsyncIterable<Uint8Array>,
  place: BillPlace,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > billTextBytesMax) throw unreadableBill(place, `it has more than ${billTextBytesMax} bytes`);
    yield chunk;
  }
};

const isUnreadable = (error: unknown): error is Error =>
  error instanceof Error && error.name === 'UnreadableBill';

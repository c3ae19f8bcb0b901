import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import yauzl from 'yauzl';
import { checkedBytes } from '../platform/checked-bytes.ts';
import { ZipReader } from '../platform/zip-reader.ts';
import { checkSize, findTables, type FeedFiles, type Tables } from './feed-files.ts';
import { kindOf, tellingBytes } from './file-kind.ts';
import { UnreadableFile } from './problems.ts';
import { endOfZip } from './zip-end.ts';

/** A zip beyond these limits is a bomb or not a timetable. National feeds compress by 10 to 25. */
const entriesMax = 1000;
const ratioMax = 200;
const ratioMattersFromBytes = 1024 ** 2;

type Entry = { path: string; entry: yauzl.Entry };

/** Opens a zip with a feed in it. Throws UnreadableFile, which says what the file is instead. */
export const openZip = async (path: string, size: number): Promise<FeedFiles> => {
  const name = basename(path);
  const zip = await zipAt(path, size);
  try {
    const entries = await entriesOf(name, zip);
    const tables = findTables(
      name,
      entries.map(({ path, entry }) => ({ path, place: entry })),
    );
    return {
      name,
      has: (file) => tables.has(file),
      open: async (file) => openEntry(zip, file, onlyEntry(tables, file)),
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
};

const zipAt = async (path: string, size: number): Promise<yauzl.ZipFile> => {
  const file = await open(path);
  try {
    const end = await endOfZip(file, size);
    const kind = kindOf(await firstBytes(file));
    if (!end) throw new UnreadableFile(basename(path), undefined, kind);
    const reader = new ZipReader(path, end.skipped);
    const options = { autoClose: false, lazyEntries: true, decodeStrings: false };
    return await yauzl
      .fromRandomAccessReaderPromise(reader, end.size, options)
      .catch(unreadable(basename(path)));
  } finally {
    await file.close();
  }
};

const firstBytes = async (file: FileHandle): Promise<Buffer> => {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(tellingBytes), 0, tellingBytes, 0);
  return buffer.subarray(0, bytesRead);
};

/** The library's own messages are for authors of such libraries. */
const unreadable = (name: string) => (cause: unknown) => {
  const isEncrypted = cause instanceof Error && /encryption/.test(cause.message);
  const reason = isEncrypted
    ? 'is encrypted: zip the feed without a password'
    : 'is a damaged zip: its list of files cannot be read';
  const error = new UnreadableFile(name, undefined, reason);
  error.cause = cause;
  throw error;
};

/** Lists a zip. */
const entriesOf = (name: string, zip: yauzl.ZipFile): Promise<Entry[]> =>
  new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on('error', (error: Error) => {
      try {
        unreadable(name)(error);
      } catch (failure) {
        reject(failure);
      }
    });
    zip.on('end', () => resolve(entries));
    zip.on('entry', (entry: yauzl.Entry) => {
      try {
        entries.push({ path: checkedPath(name, entry), entry });
        if (entries.length > entriesMax) {
          throw new UnreadableFile(name, undefined, `more than ${entriesMax} files in the zip`);
        }
        zip.readEntry();
      } catch (error) {
        reject(error);
      }
    });
    zip.readEntry();
  });

/** Zips made on Windows have backslashes. A path that leads out of the zip is an attack; one such entry is enough. */
const checkedPath = (name: string, entry: yauzl.Entry): string => {
  const { generalPurposeBitFlag, fileNameRaw, extraFields, uncompressedSize, compressedSize } = entry;
  const written = yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
  const path = written.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
  if (/^(?:\/|[a-z]:)|(?:^|\/)\.\.(?:\/|$)/i.test(path)) {
    throw new UnreadableFile(name, undefined, `holds the path ${written}, which leads out of the zip`);
  }
  if (uncompressedSize > ratioMattersFromBytes && uncompressedSize > compressedSize * ratioMax) {
    const reason = `compressed by more than ${ratioMax}: this looks like a zip bomb`;
    throw new UnreadableFile(path, undefined, reason);
  }
  return path;
};

const onlyEntry = (tables: Tables<yauzl.Entry>, file: string): yauzl.Entry => {
  const [entry, ...others] = tables.get(file) ?? [];
  if (!entry) throw new UnreadableFile(file, undefined, 'the file is missing');
  const isSame = (other: yauzl.Entry): boolean =>
    other.crc32 === entry.crc32 && other.uncompressedSize === entry.uncompressedSize;
  if (others.every(isSame)) return entry;
  throw new UnreadableFile(file, undefined, 'is in the zip twice, with different contents');
};

/** Compression methods by their numbers in zips (source: PKWARE, APPNOTE 4.4.5). */
const methods: Readonly<Record<number, string>> = {
  1: 'Shrink',
  6: 'Implode',
  9: 'Deflate64',
  12: 'bzip2',
  14: 'LZMA',
  93: 'Zstandard',
  95: 'xz',
  98: 'PPMd',
};
const [stored, deflated, encryptedByAes] = [0, 8, 99];

const openEntry = async (zip: yauzl.ZipFile, file: string, entry: yauzl.Entry): Promise<Readable> => {
  const { compressionMethod: method } = entry;
  const fail = (reason: string): never => {
    throw new UnreadableFile(file, undefined, reason);
  };
  if (entry.isEncrypted() || method === encryptedByAes) fail('is encrypted: zip the feed without a password');
  if (method !== stored && method !== deflated) {
    fail(`is compressed by ${methods[method] ?? `method ${method}`}: zip the feed the usual way, by Deflate`);
  }
  if (((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000) {
    fail('is a link, and a zip must hold the file itself');
  }
  checkSize(file, entry.uncompressedSize);
  // yauzl ends the stream with an error if the file turns out larger than the size checked above.
  const stream = await zip.openReadStreamPromise(entry).catch((cause: unknown) => {
    throw damaged(file, 'it cannot be unpacked', cause);
  });
  return Readable.from(
    checkedBytes(stream as AsyncIterable<Buffer>, entry.crc32, (how, cause) => damaged(file, how, cause)),
  );
};

const damaged = (file: string, how: string, cause?: unknown): UnreadableFile => {
  const error = new UnreadableFile(file, undefined, `is damaged: ${how}`);
  error.cause = cause;
  return error;
};
